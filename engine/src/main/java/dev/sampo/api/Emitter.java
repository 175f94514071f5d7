package dev.sampo.api;

/**
 * Takes what a function produces. The engine encodes key and value before {@link #emit} returns, so both may be
 * reusable views. Used by the thread of the attempt only.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public interface Emitter<K, V> {
    /**
     * Emits one record.
     *
     * @throws dev.sampo.spi.SampoException when key or value is null, cannot be encoded, or the partitioner misbehaves;
     *     fails the attempt
     */
    void emit(K key, V value);

    /** Returns the context of the attempt, so that a lambda can count and ask where a record comes from. */
    TaskContext context();
}
