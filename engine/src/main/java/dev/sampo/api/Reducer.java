package dev.sampo.api;

import java.io.Serializable;

/**
 * The reduce function: called once per distinct key of a partition, keys ascending in the order of their bytes. A
 * lambda will do; a class may add set-up and close. Life cycle as that of {@link Mapper}.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 * @param <K2> the type of the result keys
 * @param <V2> the type of the result values
 */
@FunctionalInterface
public interface Reducer<K, V, K2, V2> extends Serializable {
    /** Prepares for one attempt. */
    default void open(TaskContext context) throws Exception {}

    /** Reduces the values of one key. A key that is a reusable view is valid only during the call. */
    void reduce(K key, Values<V> values, Emitter<K2, V2> out) throws Exception;

    /** Ends an attempt that has seen all its keys; may still emit. */
    default void close(Emitter<K2, V2> out) throws Exception {}
}
