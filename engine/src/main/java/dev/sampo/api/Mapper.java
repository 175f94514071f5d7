package dev.sampo.api;

import java.io.Serializable;

/**
 * The map function: turns one input record into any number of keys and values. A lambda will do; a class may add
 * set-up and close.
 *
 * <p>Per attempt the engine deserializes a copy and calls, on one thread: {@link #open} once, {@link #map} for each
 * record in order, {@link #close} once at the end of a successful split. An exception from any of them fails the attempt.
 *
 * @param <I> the type of the input records; a reusable view is valid only during the call
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface Mapper<I, K, V> extends Serializable {
    /** Prepares for the records of one attempt. */
    default void open(TaskContext context) throws Exception {}

    /** Maps one record. */
    void map(I record, Emitter<K, V> out) throws Exception;

    /** Ends an attempt that has seen all its records; may still emit. */
    default void close(Emitter<K, V> out) throws Exception {}
}
