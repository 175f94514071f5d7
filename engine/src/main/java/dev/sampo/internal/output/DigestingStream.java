package dev.sampo.internal.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.ReadOnlyFileSystemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Buffers, counts and digests (SHA-256) what is written. A failing disk arrives as an unchecked error that names the
 * output directory, so that no writer of a format can take it for a failure of its own. Used by one thread.
 */
final class DigestingStream extends OutputStream {
    static final String SHA256_PREFIX = "sha256:";

    private static final int BUFFER_BYTES = 256 << 10;

    private final OutputStream out;
    private final OutputErrors errors;
    private final MessageDigest digest = sha256();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private long drained;
    private boolean closed;

    DigestingStream(OutputStream out, OutputErrors errors) {
        this.out = out;
        this.errors = errors;
    }

    @Override
    public void write(int value) throws IOException {
        requireOpen();
        if (buffered == buffer.length) {
            drain();
        }
        buffer[buffered++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        requireOpen();
        if (length > buffer.length - buffered) {
            drain();
            if (length >= buffer.length) {
                pass(bytes, offset, length);
                return;
            }
        }
        System.arraycopy(bytes, offset, buffer, buffered, length);
        buffered += length;
    }

    /** Does nothing: a part is not read before it is finished, and writers of formats flush often. */
    @Override
    public void flush() {}

    @Override
    public void close() {
        if (closed) {
            return;
        }
        try {
            drain();
        } finally {
            closed = true;
            closeFile();
        }
    }

    /** Closes the file and drops what is buffered. */
    void discard() {
        closed = true;
        try {
            out.close();
        } catch (IOException | ReadOnlyFileSystemException e) {
            // The file is about to be deleted: nobody needs its last bytes.
        }
    }

    long bytes() {
        return drained + buffered;
    }

    /** Returns {@code sha256:} and the digest of all bytes; once, after close. */
    String digest() {
        return SHA256_PREFIX + HexFormat.of().formatHex(digest.digest());
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("written to a closed stream; expected no more bytes");
        }
    }

    private void drain() {
        pass(buffer, 0, buffered);
        buffered = 0;
    }

    private void pass(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
        drained += length;
        errors.guard("write", () -> {
            out.write(bytes, offset, length);
            return length;
        });
    }

    private void closeFile() {
        errors.guard("write", () -> {
            out.close();
            return true;
        });
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256, which every Java platform must have", e);
        }
    }
}
