package dev.sampo.internal.shuffle;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The stored bytes of a fetched segment, in memory or in a file, until they are released. */
final class FetchedBytes {
    private static final int COPY_BYTES = 256 << 10;

    private final FetchConnection.Header header;
    private final byte @Nullable [] memory;
    private final @Nullable Path file;
    private final Runnable onRelease;
    private final AtomicBoolean released = new AtomicBoolean();

    private FetchedBytes(
            FetchConnection.Header header, byte @Nullable [] memory, @Nullable Path file, Runnable onRelease) {
        this.header = header;
        this.memory = memory;
        this.file = file;
        this.onRelease = onRelease;
    }

    static FetchedBytes inMemory(FetchConnection.Header header, Runnable onRelease) {
        return new FetchedBytes(header, new byte[(int) header.storedBytes()], null, onRelease);
    }

    static FetchedBytes inFile(FetchConnection.Header header, Path file) {
        return new FetchedBytes(header, null, file, () -> TempFiles.delete(file));
    }

    FetchConnection.Header header() {
        return header;
    }

    boolean isInFile() {
        return file != null;
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

    private void copy(DataInputStream in, Path to) throws IOException {
        byte[] buffer = new byte[(int) Math.min(COPY_BYTES, Math.max(1, header.storedBytes()))];
        try (FileChannel out = TempFiles.create(to)) {
            long left = header.storedBytes();
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException("connection ends " + left + " bytes early");
                }
                write(out, ByteBuffer.wrap(buffer, 0, count), to);
                left -= count;
            }
        }
    }

    private static void write(FileChannel out, ByteBuffer bytes, Path to) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException failure) {
            throw TempFiles.unwritable(to, failure);
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
        return new StoredBytes.InFile(FileChannel.open(file, StandardOpenOption.READ), true);
    }

    /** Gives back what they take; once is enough. */
    void release() {
        if (released.compareAndSet(false, true)) {
            onRelease.run();
        }
    }
}
