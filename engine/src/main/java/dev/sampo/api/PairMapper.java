package dev.sampo.api;

import java.io.Serializable;

/**
 * The map function between a reduce and the next shuffle of the same job. It runs inside the reduce attempt; no file
 * lies between. Life cycle as that of {@link Mapper}.
 *
 * @param <K> the type of the keys that the reducer emits
 * @param <V> the type of the values that the reducer emits
 * @param <K2> the type of the keys of the next shuffle
 * @param <V2> the type of the values of the next shuffle
 */
@FunctionalInterface
public interface PairMapper<K, V, K2, V2> extends Serializable {
    /** Prepares for one attempt. */
    default void open(TaskContext context) throws Exception {}

    /** Maps one record. */
    void map(K key, V value, Emitter<K2, V2> out) throws Exception;

    /** Ends an attempt; may still emit. */
    default void close(Emitter<K2, V2> out) throws Exception {}
}
