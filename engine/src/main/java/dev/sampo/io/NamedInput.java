package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import dev.sampo.spi.ShippedFile;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One input as the user named it, and the places it can mean on every node: itself, or what a glob finds.
 *
 * @param literal the place it is when it exists
 * @param globBase the directory a glob begins in; equals {@code literal} when there is no pattern
 * @param pattern the glob below {@code globBase}, with {@code /} between its segments; empty when the name is no glob
 */
record NamedInput(Place literal, Place globBase, String pattern) implements Serializable {
    /** Two letters at least, so that a Windows drive is no scheme; a slash, so that a file {@code a:b} is a path. */
    private static final Pattern URI_START = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+:)+/.*", Pattern.DOTALL);

    private static final String GLOB_CHARACTERS = "*?[{";

    /**
     * A file or directory, written down.
     *
     * @param shown how people see it
     * @param location its absolute path on the default file system, or its URI
     * @param isUri whether {@code location} is a URI
     * @param shipped the copy that travels with the job, or null when it is read where it is
     */
    record Place(
            String shown,
            String location,
            boolean isUri,
            @Nullable ShippedFile shipped) implements Serializable {
        Place(String shown, String location, boolean isUri) {
            this(shown, location, isUri, null);
        }

        /** Returns how people see a file below this place. */
        String shown(String relative) {
            if (relative.isEmpty()) {
                return shown;
            }
            return shown.isEmpty() || shown.endsWith("/") ? shown + relative : shown + "/" + relative;
        }

        /** Returns the absolute name of a file below this place. */
        String absolute(String relative) {
            if (relative.isEmpty()) {
                return location;
            }
            return location.endsWith("/") ? location + relative : location + "/" + relative;
        }
    }

    static boolean looksLikeUri(String name) {
        return URI_START.matcher(name).matches();
    }

    static NamedInput of(String name) {
        if (name.isEmpty()) {
            throw malformed(name, null);
        }
        int glob = firstGlobCharacter(name);
        int cut = glob < 0 ? -1 : name.lastIndexOf('/', glob) + 1;
        try {
            boolean isUri = looksLikeUri(name);
            Place literal = isUri ? uri(name) : path(name);
            if (glob < 0) {
                return new NamedInput(literal, literal, "");
            }
            String base = name.substring(0, cut);
            String pattern = name.substring(cut).replaceAll("/+", "/").replaceAll("/$", "");
            return isUri
                    ? new NamedInput(literal, uri(base), decoded(pattern))
                    : new NamedInput(literal, path(base), pattern);
        } catch (URISyntaxException | InvalidPathException e) {
            throw malformed(name, e);
        }
    }

    static NamedInput of(Path path) {
        Place literal = path.getFileSystem() == FileSystems.getDefault()
                ? new Place(path.toString(), path.toAbsolutePath().toString(), false)
                : new Place(trimmed(path.toUri().toString()), path.toUri().toString(), true);
        return new NamedInput(literal, literal, "");
    }

    /** Returns a file that travels with the job. */
    static NamedInput shipped(String shown, Path file) {
        Place literal = new Place(shown, file.toAbsolutePath().toString(), false, ShippedFile.of(file));
        return new NamedInput(literal, literal, "");
    }

    private static Place path(String name) {
        return new Place(trimmed(name), Path.of(name).toAbsolutePath().toString(), false);
    }

    /** A URI may hold the characters of a glob only in quoted form; people write them as they are. */
    private static Place uri(String name) throws URISyntaxException {
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '?' -> quoted.append("%3F");
                case '[' -> quoted.append("%5B");
                case ']' -> quoted.append("%5D");
                case '{' -> quoted.append("%7B");
                case '}' -> quoted.append("%7D");
                case ' ' -> quoted.append("%20");
                default -> quoted.append(c);
            }
        }
        return new Place(trimmed(name), new URI(quoted.toString()).toString(), true);
    }

    private static String decoded(String pattern) throws URISyntaxException {
        return new URI(uri("any:/" + pattern).location()).getPath().substring(1);
    }

    private static int firstGlobCharacter(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (GLOB_CHARACTERS.indexOf(name.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static String trimmed(String name) {
        int end = name.length();
        while (end > 1 && name.charAt(end - 1) == '/' && name.charAt(end - 2) != '!' && name.charAt(end - 2) != ':') {
            end--;
        }
        return name.substring(0, end);
    }

    private static SampoException malformed(String name, @Nullable Exception cause) {
        return new SampoException(
                ErrorCode.INPUT_NOT_FOUND, "input \"" + name + "\": expected a path, a glob or a URI", cause);
    }
}
