package dev.sampo.internal.model;

import dev.sampo.spi.ShippedFile;
import java.nio.file.Path;

/**
 * A shipped file as it travels in a function: by the blob it is in.
 *
 * @param digest the digest of the blob
 * @param name the file, as people know it
 */
public record FileRef(String digest, String name) implements ShippedFile {
    @Override
    public Path path() {
        throw new IllegalStateException("file " + name + " is on its way; expected to be asked in a function");
    }
}
