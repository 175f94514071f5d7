package dev.sampo.io;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/**
 * A glob in the syntax of {@link FileSystem#getPathMatcher}, with two additions: {@code **}{@code /} also stands for no
 * directory at all, and a directory that matches stands for all files below it.
 */
final class GlobPattern {
    private final PathMatcher whole;
    /** One for each leading segment that matches exactly one name: they tell which directories need no visit. */
    private final List<PathMatcher> leading = new ArrayList<>();

    private final boolean anyDepth;

    /**
     * Creates a pattern.
     *
     * @throws java.util.regex.PatternSyntaxException when it is malformed
     */
    GlobPattern(FileSystem fileSystem, String pattern) {
        List<String> segments = segments(pattern);
        boolean open = false;
        for (String segment : segments) {
            if (segment.contains("**") || segment.indexOf('/') >= 0) {
                open = true;
                break;
            }
            leading.add(fileSystem.getPathMatcher("glob:" + segment));
        }
        anyDepth = open;
        whole = fileSystem.getPathMatcher("glob:" + withOptionalDirectories(segments));
    }

    private static String withOptionalDirectories(List<String> segments) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < segments.size(); i++) {
            boolean last = i == segments.size() - 1;
            boolean optional = !last && segments.get(i).equals("**");
            pattern.append(optional ? "{**/,}" : segments.get(i)).append(last || optional ? "" : "/");
        }
        return pattern.toString();
    }

    private static List<String> segments(String pattern) {
        List<String> segments = new ArrayList<>();
        int start = 0;
        int braces = 0;
        for (int i = 0; i < pattern.length(); i++) {
            switch (pattern.charAt(i)) {
                case '\\' -> i++;
                case '{' -> braces++;
                case '}' -> braces--;
                case '/' -> {
                    if (braces == 0) {
                        segments.add(pattern.substring(start, i));
                        start = i + 1;
                    }
                }
                default -> {}
            }
        }
        segments.add(pattern.substring(start));
        return segments;
    }

    /** Returns whether a path, relative to where the glob begins, or a directory it lies in, matches. */
    boolean matches(Path relative) {
        for (int names = relative.getNameCount(); names > 0; names--) {
            if (whole.matches(relative.subpath(0, names))) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether something below a directory may match, once the same was said of the directories it lies in. */
    boolean mayMatchBelow(Path directory) {
        int depth = directory.getNameCount();
        if (depth <= leading.size()) {
            return leading.get(depth - 1).matches(directory.getFileName())
                    && (anyDepth || depth < leading.size() || matches(directory));
        }
        return anyDepth || matches(directory);
    }
}
