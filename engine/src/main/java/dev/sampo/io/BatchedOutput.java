package dev.sampo.io;

import dev.sampo.spi.ByteWriter;
import java.io.IOException;
import java.io.OutputStream;

/** Collects small writes, so that the stream below sees few large ones. */
final class BatchedOutput {
    private static final int BATCH = 64 * 1024;

    private final OutputStream out;
    private final ByteWriter batch = new ByteWriter(BATCH);

    BatchedOutput(OutputStream out) {
        this.out = out;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > BATCH - batch.length()) {
            flush();
            if (length >= BATCH) {
                out.write(bytes, offset, length);
                return;
            }
        }
        batch.write(bytes, offset, length);
    }

    void writeByte(int value) throws IOException {
        if (batch.length() >= BATCH) {
            flush();
        }
        batch.writeByte(value);
    }

    /** Writes a string in UTF-8; a long one makes the batch grow for a moment, and never stays in it. */
    void writeUtf8(String string) throws IOException {
        Utf8.encode(string, batch);
        if (batch.length() >= BATCH) {
            flush();
        }
    }

    /** Hands on what is collected; the stream below is not flushed. */
    void flush() throws IOException {
        out.write(batch.array(), 0, batch.length());
        batch.clear();
    }
}
