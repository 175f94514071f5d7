package dev.sampo.examples.invertedindex;

import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders that input paths are relative to: a named folder itself, the folder of a named file, and the folder in
 * front of the first wildcard of a glob pattern.
 */
final class InputRoots implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String WILDCARDS = "*?[{";

    /** Absolute, with a slash at the end, longest first. */
    private final ArrayList<String> roots;

    private InputRoots(List<String> roots) {
        this.roots = new ArrayList<>(roots);
    }

    /** Finds the roots of what a user named as input. */
    static InputRoots of(List<String> inputs) {
        List<String> roots = new ArrayList<>();
        for (String input : inputs) {
            String root = withSlash(root(input));
            if (!roots.contains(root)) {
                roots.add(root);
            }
        }
        roots.sort((a, b) -> Integer.compare(b.length(), a.length()));
        return new InputRoots(roots);
    }

    /** Returns a file's path relative to the innermost root around it; a path outside all roots as it is. */
    String relative(String path) {
        String absolute = absolute(path);
        for (String root : roots) {
            if (absolute.startsWith(root)) {
                return absolute.substring(root.length());
            }
        }
        return path;
    }

    private static String root(String input) {
        String path = absolute(input);
        int wildcard = firstWildcard(path);
        if (wildcard >= 0 && !isLocalFile(path)) {
            return path.substring(0, path.lastIndexOf('/', wildcard));
        }
        return Files.isDirectory(Path.of(path)) ? path : path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static boolean isLocalFile(String path) {
        return Files.exists(Path.of(path));
    }

    private static int firstWildcard(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (WILDCARDS.indexOf(path.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static String absolute(String path) {
        Path local = path.startsWith("file:") ? Path.of(URI.create(path)) : Path.of(path);
        return local.toAbsolutePath().normalize().toString();
    }

    private static String withSlash(String path) {
        return path.endsWith("/") ? path : path + "/";
    }
}
