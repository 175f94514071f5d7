package dev.sampo.api;

import java.io.Serializable;

/**
 * Folds two values of one key into one, before the shuffle. It must be associative and commutative: how often it is
 * called, and on which values, depends on memory, and the result may not. (Sums of floating-point numbers are not
 * associative; sum those in the reducer, whose values come in a fixed order.)
 *
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface Combiner<V> extends Serializable {
    /** Returns the fold of both. May return one of its arguments, changed or not. */
    V combine(V left, V right);
}
