package dev.sampo.spi;

import java.nio.file.Path;

/**
 * A file where it was named. The engine replaces it when it packs a job for a cluster.
 *
 * @param location its absolute path
 */
record LocalFile(String location) implements ShippedFile {
    @Override
    public Path path() {
        return Path.of(location);
    }
}
