package dev.sampo.internal.config;

/**
 * How map output is partitioned, spilled and merged.
 *
 * @param partitionBytes the input per reduce task to aim for where a job does not set its partitions
 * @param maxPartitions the most partitions chosen from the input's size
 * @param mergeFanIn sorted runs merged at once, at least 2
 * @param blockBytes bytes per block of a spill or segment, before compression
 * @param compress whether blocks are compressed
 */
public record ShuffleSettings(
        long partitionBytes, int maxPartitions, int mergeFanIn, int blockBytes, boolean compress) {
    private static final long MOST_PARTITION_BYTES = 1L << 40;
    private static final int MOST_PARTITIONS = 1 << 16;
    private static final int MOST_FAN_IN = 4096;
    private static final int LEAST_BLOCK = 4 << 10;
    private static final int MOST_BLOCK = 1 << 24;

    static ShuffleSettings from(ConfigReader reader) {
        return new ShuffleSettings(
                reader.bytes("partition-size", 1, MOST_PARTITION_BYTES),
                reader.integer("max-partitions", 1, MOST_PARTITIONS),
                reader.integer("merge-fan-in", 2, MOST_FAN_IN),
                (int) reader.bytes("block-size", LEAST_BLOCK, MOST_BLOCK),
                reader.bool("compress"));
    }
}
