package dev.sampo.internal.shuffle;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of a segment as they are stored, for a reader that checks and decodes them. */
interface StoredBytes extends Closeable {
    /** Fills {@code count} bytes of {@code into}. */
    void read(long position, byte[] into, int offset, int count) throws IOException;

    @Override
    default void close() throws IOException {}

    /** Bytes of an array. */
    record InArray(byte[] array) implements StoredBytes {
        @Override
        public void read(long position, byte[] into, int offset, int count) throws IOException {
            if (position + count > array.length) {
                throw new EOFException("ends at " + array.length + "; expected " + (position + count) + " bytes");
            }
            System.arraycopy(array, (int) position, into, offset, count);
        }
    }

    /** Bytes of a file; {@code owned} tells whether closing the reader closes it. */
    record InFile(FileChannel channel, boolean owned) implements StoredBytes {
        @Override
        public void read(long position, byte[] into, int offset, int count) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(into, offset, count);
            long at = position;
            while (buffer.hasRemaining()) {
                int read = channel.read(buffer, at);
                if (read < 0) {
                    throw new EOFException("ends at " + at + "; expected " + (position + count) + " bytes");
                }
                at += read;
            }
        }

        @Override
        public void close() throws IOException {
            if (owned) {
                channel.close();
            }
        }
    }
}
