package dev.sampo.examples.invertedindex;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The roots that the paths of an input are relative to: a named folder itself, the folder of a named file, and the
 * folder before the first wildcard of a glob pattern. Works on names alone, so it needs no file system: the path of a
 * record begins with the input as it was named.
 */
final class InputRoots implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String WILDCARDS = "*?[{";

    /** The inputs themselves, without slashes at the end. */
    private final ArrayList<String> names = new ArrayList<>();

    /** Folders with a slash at the end, or nothing for the working folder; longest first. */
    private final ArrayList<String> folders = new ArrayList<>();

    private InputRoots() {}

    /** Finds the roots of what was named as input. */
    static InputRoots of(List<String> inputs) {
        InputRoots roots = new InputRoots();
        for (String input : inputs) {
            String name = withoutSlash(input);
            roots.names.add(name);
            roots.folders.add(withSlash(name));
            int wildcard = firstWildcard(name);
            if (wildcard >= 0) {
                String before = name.substring(0, name.lastIndexOf('/', wildcard) + 1);
                roots.folders.add(before.isEmpty() ? before : withSlash(withoutSlash(before)));
            }
        }
        roots.folders.sort(Comparator.comparingInt(String::length).reversed());
        return roots;
    }

    /** Returns a path relative to the innermost root around it; one outside all roots as it is. */
    String relative(String path) {
        if (names.contains(path)) {
            return path.substring(path.lastIndexOf('/') + 1);
        }
        for (String folder : folders) {
            if (path.startsWith(folder)) {
                return path.substring(folder.length());
            }
        }
        return path;
    }

    private static int firstWildcard(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (WILDCARDS.indexOf(name.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static String withoutSlash(String name) {
        int end = name.length();
        while (end > 1 && name.charAt(end - 1) == '/') {
            end--;
        }
        return name.substring(0, end);
    }

    private static String withSlash(String name) {
        return name.endsWith("/") ? name : name + "/";
    }
}
