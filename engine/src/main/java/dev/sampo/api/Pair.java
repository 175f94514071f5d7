package dev.sampo.api;

import java.io.Serializable;
import java.util.Objects;

/**
 * A key and a value, or any two values that belong together.
 *
 * @param <A> the type of the first
 * @param <B> the type of the second
 * @param first the first, or the key
 * @param second the second, or the value
 */
public record Pair<A, B>(A first, B second) implements Serializable {
    /** Refuses null. */
    public Pair {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
    }

    /** Returns a pair; shorter than the constructor where the types are inferred. */
    public static <A, B> Pair<A, B> of(A first, B second) {
        return new Pair<>(first, second);
    }
}
