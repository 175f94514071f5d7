package dev.sampo.internal.config;

/**
 * How inputs are cut and read.
 *
 * @param splitBytes the size of a split to aim for
 * @param maxRecordBytes the largest record held in memory
 */
public record InputSettings(long splitBytes, int maxRecordBytes) {
    private static final long LEAST_SPLIT = 1;
    private static final long MOST_SPLIT = 1L << 40;
    private static final long LEAST_RECORD = 1;
    private static final long MOST_RECORD = 1L << 30;
    /** A record is held by the reader, as key and value, and by the buffers of the shuffle. */
    private static final int COPIES_OF_A_RECORD = 4;

    static InputSettings from(ConfigReader reader, NodeSettings node) {
        long automatic = Math.min(MOST_RECORD, Math.max(LEAST_RECORD, node.memoryBytesPerSlot() / COPIES_OF_A_RECORD));
        return new InputSettings(reader.bytes("split-size", LEAST_SPLIT, MOST_SPLIT), (int)
                reader.bytesOrAuto("max-record-size", LEAST_RECORD, MOST_RECORD).orElse(automatic));
    }
}
