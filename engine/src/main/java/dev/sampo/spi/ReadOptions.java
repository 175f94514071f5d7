package dev.sampo.spi;

import java.io.Serializable;

/**
 * How an input is cut and read.
 *
 * @param splitBytes the size of a split to aim for, in bytes
 * @param maxRecordBytes the largest record a reader may hold in memory; a larger one is refused with {@link
 *     ErrorCode#RECORD_TOO_LARGE}, naming file and offset
 */
public record ReadOptions(long splitBytes, int maxRecordBytes) implements Serializable {
    /** Checks the components. */
    public ReadOptions {
        if (splitBytes <= 0) {
            throw new IllegalArgumentException("split size: " + splitBytes + " bytes; expected more than 0");
        }
        if (maxRecordBytes <= 0) {
            throw new IllegalArgumentException("record limit: " + maxRecordBytes + " bytes; expected more than 0");
        }
    }
}
