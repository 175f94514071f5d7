package dev.sampo.internal.runtime;

import dev.sampo.api.OutputPart;
import dev.sampo.internal.blob.BlobStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;

/** A part of a result as it is read from another node; its last read fails when the bytes are not those that were committed. */
final class VerifiedPart extends FilterInputStream {
    private final DigestInputStream digesting;
    private final OutputPart part;
    private boolean ended;

    /**
     * Wraps a stream.
     *
     * @param source closed with this one
     * @param part its digest
     */
    VerifiedPart(InputStream source, OutputPart part) {
        this(new DigestInputStream(source, BlobStore.sha256()), part);
    }

    private VerifiedPart(DigestInputStream digesting, OutputPart part) {
        super(digesting);
        this.digesting = digesting;
        this.part = part;
    }

    @Override
    public int read() throws IOException {
        int value = digesting.read();
        if (value < 0) {
            verify();
        }
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = digesting.read(bytes, offset, length);
        if (read < 0) {
            verify();
        }
        return read;
    }

    private void verify() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        String found = "sha256:"
                + HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        if (!found.equals(part.digest())) {
            throw new IOException("part " + part.name() + " has digest " + found + "; expected " + part.digest());
        }
    }
}
