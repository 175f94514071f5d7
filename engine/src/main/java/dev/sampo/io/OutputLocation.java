package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Turns what a user names as output into the absolute URI of a directory. */
final class OutputLocation {
    private OutputLocation() {}

    static URI of(String directoryOrUri) {
        if (directoryOrUri.isEmpty()) {
            throw invalid("an empty name", null);
        }
        if (NamedInput.looksLikeUri(directoryOrUri)) {
            try {
                return of(new URI(directoryOrUri));
            } catch (URISyntaxException e) {
                throw invalid(directoryOrUri, e);
            }
        }
        try {
            return of(Path.of(directoryOrUri));
        } catch (InvalidPathException e) {
            throw invalid(directoryOrUri, e);
        }
    }

    static URI of(Path directory) {
        URI uri = directory.toAbsolutePath().normalize().toUri();
        // A path that is a directory by now has a slash at its end already; it must not depend on that.
        String text = uri.toString();
        return text.endsWith("/") ? uri : URI.create(text + "/");
    }

    static URI of(URI directory) {
        if (directory.getScheme() == null) {
            throw invalid(directory.toString(), null);
        }
        return directory;
    }

    private static SampoException invalid(String name, @Nullable Exception cause) {
        return new SampoException(
                ErrorCode.JOB_INVALID,
                "output directory: " + name + "; expected a path, or a URI with a scheme such as file:///data/out",
                cause);
    }
}
