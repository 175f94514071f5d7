package dev.sampo.internal.shuffle;

import org.jspecify.annotations.Nullable;

/**
 * What one shuffle of a job does with its records.
 *
 * @param partitions the number of partitions, 1 to {@link #MAX_PARTITIONS}
 * @param fold how values of one key are combined before the shuffle, or null. It holds state: an attempt has its own
 * @param grouping which keys the reducer sees as one
 */
public record ShuffleSpec(int partitions, @Nullable ValueFold fold, KeyGrouping grouping) {
    /** What fits in a record pointer beside the address. */
    public static final int MAX_PARTITIONS = 1 << 23;

    /** Checks the number of partitions. */
    public ShuffleSpec {
        if (partitions < 1 || partitions > MAX_PARTITIONS) {
            throw new IllegalArgumentException("partitions: " + partitions + "; expected 1 to " + MAX_PARTITIONS);
        }
    }
}
