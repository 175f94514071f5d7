package dev.sampo.internal.shuffle;

import java.io.Closeable;
import java.io.IOException;

/** The blocks of one segment, in order, checked and decompressed. Used by one thread. */
public interface BlockReader extends Closeable {
    /**
     * Goes to the next block.
     *
     * @return false at the end of the segment
     * @throws dev.sampo.spi.SampoException when the bytes are damaged, cut off, or cannot be had
     * @throws IOException when the thread was interrupted
     */
    boolean next() throws IOException;

    /** Returns the array that holds the block, unchanged until the next call of {@link #next}. */
    byte[] array();

    /** Returns where the block begins. */
    int offset();

    /** Returns the bytes of the block, more than 0. */
    int length();

    @Override
    void close();
}
