package dev.sampo.internal.blob;

import dev.sampo.internal.model.DataAddress;
import java.io.IOException;
import java.io.InputStream;

/** The way to the blobs of other nodes. */
@FunctionalInterface
public interface BlobLinks {
    /** The kind of content that the data port serves blobs under, by their digest. */
    String KIND = "blob";

    /**
     * Begins to read a blob of another node. Blocks.
     *
     * @throws IOException when the node cannot be reached or does not have it
     */
    InputStream open(DataAddress holder, String digest) throws IOException;
}
