package dev.sampo.internal.plan;

/**
 * What the planner goes by. None of it depends on nodes, slots or memory, so that a job is cut the same way in every
 * cluster.
 *
 * @param targetPartitionBytes the input bytes to aim for per reduce partition, where a job leaves their number open
 * @param maxPartitions the most partitions the planner chooses by itself
 * @param sampleSplits how many splits are sampled for a range partitioner, at most
 */
public record PlanSettings(long targetPartitionBytes, int maxPartitions, int sampleSplits) {
    /** The defaults: 64 MiB per partition, at most 512 partitions, a sample of 32 splits. */
    public static final PlanSettings DEFAULTS = new PlanSettings(64L << 20, 512, 32);

    /** Checks the components. */
    public PlanSettings {
        if (targetPartitionBytes < 1 || maxPartitions < 1 || sampleSplits < 1) {
            throw new IllegalArgumentException(targetPartitionBytes + " bytes per partition, at most " + maxPartitions
                    + " partitions, " + sampleSplits + " sampled splits; expected at least 1 of each");
        }
    }
}
