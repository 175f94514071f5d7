package dev.sampo.api;

import java.io.Serializable;

/**
 * Chooses the partition, and so the reduce task, of a key. It must depend on nothing but its arguments: no {@code
 * hashCode} of an enum or of an object without one of its own, for those differ from JVM to JVM.
 *
 * @param <K> the type of the keys
 */
@FunctionalInterface
public interface Partitioner<K> extends Serializable {
    /**
     * Returns the partition.
     *
     * @param key the key
     * @param partitions the number of partitions, at least 1
     * @return from 0 to {@code partitions - 1}; anything else fails the attempt
     */
    int partition(K key, int partitions);
}
