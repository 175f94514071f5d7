package dev.sampo.api;

import java.io.Serializable;

/**
 * Extracts from a value what the values of one key are sorted by (secondary sort).
 *
 * @param <V> the type of the values
 * @param <S> the type of the sort key
 */
@FunctionalInterface
public interface SortKey<V, S> extends Serializable {
    /** Returns the sort key of a value. */
    S of(V value);
}
