package dev.sampo.internal.shuffle;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file with the segments of one request that found no room in memory, so that many small ones do not make many files.
 * Written by one thread; deleted when it is closed and the last segment in it is released.
 */
final class FetchFile implements Closeable {
    private final Path path;
    private final FileChannel channel;
    private final AtomicInteger holders = new AtomicInteger(1);
    private long end;

    FetchFile(Path path) throws IOException {
        this.path = path;
        this.channel = TempFiles.create(path);
    }

    Path path() {
        return path;
    }

    /** Returns where the next bytes will lie. */
    long end() {
        return end;
    }

    void append(ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                end += channel.write(bytes);
            }
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException failure) {
            throw TempFiles.unwritable(path, failure);
        }
    }

    void retain() {
        holders.incrementAndGet();
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            TempFiles.delete(path);
        }
    }

    /** Ends the writing. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            release();
        }
    }
}
