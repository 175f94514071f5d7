package dev.sampo.internal.shuffle;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The stored bytes of a fetched segment, in memory or in a file, until they are released. */
final class FetchedBytes {
    private static final int COPY_BYTES = 128 << 10;

    private final SegmentHeader header;
    private final byte @Nullable [] memory;
    private final @Nullable FetchFile file;
    private final long offset;
    private final Runnable onRelease;
    private final AtomicBoolean released = new AtomicBoolean();

    private FetchedBytes(
            SegmentHeader header, byte @Nullable [] memory, @Nullable FetchFile file, long offset, Runnable onRelease) {
        this.header = header;
        this.memory = memory;
        this.file = file;
        this.offset = offset;
        this.onRelease = onRelease;
    }

    static FetchedBytes inMemory(SegmentHeader header, Runnable onRelease) {
        return new FetchedBytes(header, new byte[(int) header.storedBytes()], null, 0, onRelease);
    }

    static FetchedBytes inFile(SegmentHeader header, FetchFile file) {
        file.retain();
        return new FetchedBytes(header, null, file, file.end(), file::release);
    }

    SegmentHeader header() {
        return header;
    }

    /** Returns where they begin in what {@link #open} returns. */
    long offset() {
        return offset;
    }

    boolean isReleased() {
        return released.get();
    }

    /** Takes the bytes of a connection. */
    void readFrom(DataInputStream in) throws IOException {
        if (memory != null) {
            in.readFully(memory);
        } else if (file != null) {
            copy(in, file);
        }
    }

    private void copy(DataInputStream in, FetchFile to) throws IOException {
        byte[] buffer = new byte[(int) Math.min(COPY_BYTES, Math.max(1, header.storedBytes()))];
        long left = header.storedBytes();
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new EOFException("the stream ends " + left + " bytes early");
            }
            to.append(ByteBuffer.wrap(buffer, 0, count));
            left -= count;
        }
    }

    /** Opens them for a reader, which closes what it is given. */
    StoredBytes open() throws IOException {
        if (memory != null) {
            return new StoredBytes.InArray(memory);
        }
        if (file == null) {
            throw new IllegalStateException("fetched bytes are neither in memory nor in a file");
        }
        return new StoredBytes.InFile(FileChannel.open(file.path(), StandardOpenOption.READ), true);
    }

    /** Gives back what they take; once is enough. */
    void release() {
        if (released.compareAndSet(false, true)) {
            onRelease.run();
        }
    }
}
