package dev.sampo.internal.transfer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Finds what a node serves under one kind. Called by several threads of the server at once; may read a disk. */
@FunctionalInterface
public interface ContentSource {
    /**
     * Returns the bytes of a name, or null when this node does not have them. The name comes from outside and may be
     * anything.
     *
     * @throws dev.sampo.spi.SampoException its code and message are told to the reader
     * @throws IOException when it cannot be read
     */
    @Nullable
    Content find(String name) throws IOException;
}
