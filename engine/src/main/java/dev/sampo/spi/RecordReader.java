package dev.sampo.spi;

import java.io.Closeable;
import java.io.IOException;

/**
 * Reads the records of one split in order. Used by one thread.
 *
 * @param <T> the type of the records
 */
public interface RecordReader<T> extends Closeable {
    /**
     * Goes to the next record.
     *
     * @return false when there is none
     */
    boolean next() throws IOException;

    /** Returns the record that {@link #next} went to. A reusable view is valid until the next call of {@link #next}. */
    T record();

    /** Returns where the record comes from, as people know it: a path or another name. */
    String path();

    /** Returns the byte offset of the record in {@link #path()} (of the uncompressed data), or its ordinal number. */
    long offset();

    /** Returns how many bytes of input were read so far, for counters and progress. */
    long bytesRead();
}
