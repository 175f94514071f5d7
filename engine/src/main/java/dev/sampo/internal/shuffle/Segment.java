package dev.sampo.internal.shuffle;

import java.io.IOException;

/**
 * The records of one partition of one map output, sorted by key. Immutable and safe for many threads; they may lie in
 * memory, in a local file, or have been fetched from another node.
 */
public interface Segment {
    /** Returns what to call it in messages: the output or file, and the partition. */
    String name();

    /** Returns the number of records. */
    long records();

    /** Returns the bytes of its blocks before compression, without their headers. */
    long rawBytes();

    /** Returns the bytes it takes as it is stored. */
    long storedBytes();

    /** Returns the bytes of key and value of its largest record. */
    int largestRecord();

    /** Returns the size of a full block, and so of the buffer that a reader needs unless it reads in place. */
    int blockBytes();

    /** Returns whether readers hand out the stored bytes themselves and need no buffer. */
    boolean inPlace();

    /**
     * Opens a reader.
     *
     * @param decoder buffers and checksum of the reading thread
     * @throws dev.sampo.spi.SampoException when the segment is gone
     * @throws IOException when the thread was interrupted
     */
    BlockReader open(BlockDecoder decoder) throws IOException;
}
