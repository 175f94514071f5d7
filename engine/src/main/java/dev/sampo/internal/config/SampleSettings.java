package dev.sampo.internal.config;

/**
 * How much is read to choose the ranges of a range-partitioned job.
 *
 * @param splits the splits sampled
 * @param keysPerSplit the most keys taken from one of them
 * @param bytesPerSplit the most input read from one of them
 */
public record SampleSettings(int splits, int keysPerSplit, long bytesPerSplit) {
    private static final int MOST_SPLITS = 10_000;
    private static final int MOST_KEYS = 1_000_000;
    private static final long MOST_BYTES = 1L << 40;

    static SampleSettings from(ConfigReader reader) {
        return new SampleSettings(
                reader.integer("splits", 1, MOST_SPLITS),
                reader.integer("keys-per-split", 1, MOST_KEYS),
                reader.bytes("bytes-per-split", 1, MOST_BYTES));
    }
}
