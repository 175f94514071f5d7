package dev.sampo.io;

import dev.sampo.spi.ShippedFile;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link NamedInput.Place} as a path, with the file system that had to be opened for it. A zip or jar file gets a
 * file system of its own, which ends with this object; those of other schemes are shared by the whole process, as
 * their providers want it, and stay open.
 */
final class OpenPlace implements Closeable {
    private static final String ZIP_SCHEME = "jar";
    private static final String ENTRY = "!/";

    private final Path path;
    private final @Nullable FileSystem owned;

    private OpenPlace(Path path, @Nullable FileSystem owned) {
        this.path = path;
        this.owned = owned;
    }

    static OpenPlace open(NamedInput.Place place) throws IOException {
        ShippedFile shipped = place.shipped();
        if (shipped != null) {
            return new OpenPlace(shipped.path(), null);
        }
        if (!place.isUri()) {
            return new OpenPlace(Path.of(place.location()), null);
        }
        URI uri = URI.create(place.location());
        try {
            return ZIP_SCHEME.equalsIgnoreCase(uri.getScheme()) ? openZip(uri) : new OpenPlace(openShared(uri), null);
        } catch (IllegalArgumentException | FileSystemNotFoundException | ProviderNotFoundException e) {
            IOException unreachable = new IOException("no file system for " + uri + ": " + e.getMessage());
            unreachable.initCause(e);
            throw unreachable;
        }
    }

    private static OpenPlace openZip(URI uri) throws IOException {
        String inner = uri.getRawSchemeSpecificPart();
        int end = inner.lastIndexOf(ENTRY);
        if (end < 0) {
            throw new IOException("no !/ in " + uri + "; expected jar:file:/path/to.zip!/entry");
        }
        Path zip = openShared(URI.create(inner.substring(0, end)));
        String entry = URI.create("file:" + inner.substring(end + 1)).getPath();
        FileSystem fileSystem = newZipFileSystem(zip);
        return new OpenPlace(fileSystem.getPath(entry), fileSystem);
    }

    private static FileSystem newZipFileSystem(Path zip) throws IOException {
        try {
            return FileSystems.newFileSystem(zip);
        } catch (FileSystemNotFoundException e) {
            throw new NoSuchFileException(zip.toString());
        }
    }

    private static Path openShared(URI uri) throws IOException {
        try {
            return Path.of(uri);
        } catch (FileSystemNotFoundException e) {
            try {
                FileSystems.newFileSystem(uri, Map.of(), Thread.currentThread().getContextClassLoader());
            } catch (FileSystemAlreadyExistsException other) {
                // Another thread was quicker; its file system serves both.
                return Path.of(uri);
            }
            return Path.of(uri);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (owned != null) {
            owned.close();
        }
    }
}
