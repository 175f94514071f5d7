package dev.sampo.internal.transfer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bytes to send: pieces in memory or in files, one after the other. Memory is not copied and must not change until it is
 * sent. Large pieces of files go out by sendfile where TLS is off, and then without a checksum of the transfer: what is
 * stored in files has to carry its own, which the reader verifies (blocks of segments, digests of blobs).
 */
public final class Content {
    private final List<Piece> pieces;
    private final long length;
    private final Runnable onRelease;
    private final AtomicBoolean released = new AtomicBoolean();

    /** A part of a content. */
    public sealed interface Piece {
        /** Returns its number of bytes. */
        long length();
    }

    /** Bytes in memory, from the buffer's position to its limit. */
    public record Memory(ByteBuffer bytes) implements Piece {
        @Override
        public long length() {
            return bytes.remaining();
        }
    }

    /** Bytes of a file, which is opened when it is their turn. */
    public record FilePart(Path file, long offset, long length) implements Piece {
        /** Checks the range. */
        public FilePart {
            if (offset < 0 || length < 0) {
                throw new IllegalArgumentException(
                        file + ": " + length + " bytes from " + offset + "; expected at least 0");
            }
        }
    }

    private Content(List<Piece> pieces, Runnable onRelease) {
        this.pieces = List.copyOf(pieces);
        this.length = pieces.stream().mapToLong(Piece::length).sum();
        this.onRelease = onRelease;
    }

    /** Returns a content in memory. */
    public static Content of(byte[] bytes) {
        return of(List.of(new Memory(ByteBuffer.wrap(bytes))));
    }

    /** Returns a content in memory. */
    public static Content of(ByteBuffer bytes) {
        return of(List.of(new Memory(bytes)));
    }

    /** Returns a range of a file. */
    public static Content ofFile(Path file, long offset, long length) {
        return of(List.of(new FilePart(file, offset, length)));
    }

    /** Returns the pieces as one content. */
    public static Content of(List<? extends Piece> pieces) {
        return new Content(List.copyOf(pieces), () -> {});
    }

    /**
     * Returns this content with an action for when it is of no more use, because it was sent or cannot be.
     *
     * @param action called once by a thread of the server; must not block or throw
     */
    public Content whenReleased(Runnable action) {
        return new Content(pieces, action);
    }

    /** Returns its number of bytes. */
    public long length() {
        return length;
    }

    List<Piece> pieces() {
        return pieces;
    }

    void release() {
        if (released.compareAndSet(false, true)) {
            onRelease.run();
        }
    }
}
