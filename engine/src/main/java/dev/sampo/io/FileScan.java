package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Finds the files of inputs. What exists under the very name comes before what the name means as a glob. */
final class FileScan {
    /** What a committed output directory holds beside its parts; never data. */
    private static final String SUCCESS_FILE = "_SUCCESS";

    /** Which files of a directory are parts of a result, one name a line; the others were written by attempts that do not count. */
    private static final String NAME_LIST = "_PARTS";

    private static final String TEMPORARY_DIRECTORY = "_temporary";

    private final Inspection inspection;

    FileScan(Inspection inspection) {
        this.inspection = inspection;
    }

    /** Looks at a file while its file system is open. */
    @FunctionalInterface
    interface Inspection {
        /**
         * Returns what is known of the bytes of a file.
         *
         * @param shown how people see it
         * @throws SampoException when it cannot be an input
         */
        FilePiece.Content inspect(Path path, String shown, long size) throws IOException;
    }

    /** Returns the files of one input, in the unsigned byte order of their paths below it. */
    List<FoundFile> scan(NamedInput input, int index) throws IOException {
        String shown = input.literal().shown();
        try (OpenPlace place = open(input.literal())) {
            BasicFileAttributes attributes = attributes(place.path(), shown);
            if (attributes != null) {
                Walk walk = new Walk(place.path(), input.literal(), 2 * index, null);
                if (attributes.isDirectory()) {
                    return walk.files();
                }
                if (!attributes.isRegularFile()) {
                    throw new SampoException(
                            ErrorCode.INPUT_UNREADABLE,
                            "input " + shown + " is a device or a pipe; expected a file or a directory");
                }
                return List.of(walk.found(place.path(), "", attributes.size()));
            }
        }
        if (input.pattern().isEmpty()) {
            throw new SampoException(
                    ErrorCode.INPUT_NOT_FOUND,
                    "input " + shown + " does not exist (" + input.literal().location()
                            + "); expected a file, a directory or a glob");
        }
        try (OpenPlace place = open(input.globBase())) {
            GlobPattern pattern = new GlobPattern(place.path().getFileSystem(), input.pattern());
            Walk walk = new Walk(place.path(), input.globBase(), 2 * index + 1, pattern);
            List<FoundFile> files =
                    attributes(place.path(), input.globBase().shown()) == null ? List.of() : walk.files();
            if (files.isEmpty() && !walk.directoryMatched) {
                throw new SampoException(
                        ErrorCode.INPUT_NOT_FOUND,
                        "glob " + shown + " matches nothing below "
                                + input.globBase().location() + "; expected at least one file");
            }
            return files;
        } catch (PatternSyntaxException e) {
            throw new SampoException(
                    ErrorCode.INPUT_NOT_FOUND,
                    "input " + shown + " does not exist, and is no glob: " + e.getDescription(),
                    e);
        }
    }

    private static OpenPlace open(NamedInput.Place place) throws IOException {
        try {
            return OpenPlace.open(place);
        } catch (IOException e) {
            throw InputErrors.explain(place.shown(), e);
        }
    }

    /** Returns the attributes of what a path leads to, or null when there is nothing. */
    private static @Nullable BasicFileAttributes attributes(Path path, String shown) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw InputErrors.danglingLink(shown);
            }
            return null;
        } catch (IOException e) {
            throw InputErrors.explain(shown, e);
        }
    }

    /** Collects the files below one directory. */
    private final class Walk extends SimpleFileVisitor<Path> {
        private final Path directory;
        private final NamedInput.Place place;
        private final int root;
        private final @Nullable GlobPattern pattern;
        private final List<Sortable> files = new ArrayList<>();
        private boolean directoryMatched;

        Walk(Path directory, NamedInput.Place place, int root, @Nullable GlobPattern pattern) {
            this.directory = directory;
            this.place = place;
            this.root = root;
            this.pattern = pattern;
        }

        List<FoundFile> files() throws IOException {
            Files.walkFileTree(directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
            files.sort(Comparator.naturalOrder());
            List<FoundFile> sorted = new ArrayList<>(files.size());
            for (Sortable file : files) {
                sorted.add(file.found);
            }
            return sorted;
        }

        private final Map<Path, Set<String>> nameLists = new HashMap<>();

        /** Returns whether a list beside a part says that it does not count. */
        private boolean isDisowned(Path file) {
            Path parent = file.getParent();
            Set<String> names = parent == null ? null : nameLists.get(parent);
            Path last = file.getFileName();
            return names != null
                    && last != null
                    && last.toString().startsWith("part-")
                    && !names.contains(last.toString());
        }

        @Override
        public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
            Path names = visited.resolve(NAME_LIST);
            if (Files.isRegularFile(names)) {
                nameLists.put(visited, Set.copyOf(Files.readAllLines(names)));
            }
            if (visited.equals(directory)) {
                return FileVisitResult.CONTINUE;
            }
            if (isNamed(visited, TEMPORARY_DIRECTORY) || isPassedOver(visited)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            if (pattern == null) {
                return FileVisitResult.CONTINUE;
            }
            Path relative = directory.relativize(visited);
            directoryMatched |= pattern.matches(relative);
            return pattern.mayMatchBelow(relative) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (isNamed(file, SUCCESS_FILE) || isNamed(file, NAME_LIST) || isPassedOver(file) || isDisowned(file)) {
                return FileVisitResult.CONTINUE;
            }
            Path path = directory.relativize(file);
            if (pattern != null && !pattern.matches(path)) {
                return FileVisitResult.CONTINUE;
            }
            String relative = path.toString().replace(file.getFileSystem().getSeparator(), "/");
            if (attributes.isSymbolicLink()) {
                throw InputErrors.danglingLink(place.shown(relative));
            }
            if (attributes.isRegularFile()) {
                files.add(new Sortable(
                        relative.getBytes(StandardCharsets.UTF_8), found(file, relative, attributes.size())));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException cause) throws IOException {
            if (!file.equals(directory) && isPassedOver(file)) {
                return FileVisitResult.CONTINUE;
            }
            Path path = directory.relativize(file);
            if (pattern != null && !file.equals(directory) && !pattern.mayMatchBelow(path) && !pattern.matches(path)) {
                return FileVisitResult.CONTINUE;
            }
            throw InputErrors.explain(place.shown(path.toString()), cause);
        }

        /**
         * A link below a named directory is passed over, as {@code find -type f} and {@code grep -r} do: most lead to a
         * file of the same tree, which would count twice. One that a glob matches was asked for.
         */
        private boolean isPassedOver(Path path) {
            return pattern == null && Files.isSymbolicLink(path);
        }

        private boolean isNamed(Path path, String name) {
            Path last = path.getFileName();
            return last != null && last.toString().equals(name);
        }

        FoundFile found(Path path, String relative, long size) throws IOException {
            FilePiece.Content content = inspection.inspect(path, place.shown(relative), size);
            boolean exact = isExact(path, relative);
            String name = exact ? relative : path.toUri().toString();
            return new FoundFile(
                    new FilePiece(root, name, !exact, content, 0, Long.MAX_VALUE),
                    exact ? place.absolute(relative) : name,
                    size);
        }

        /** A name whose bytes are no text in the platform's encoding shows as U+FFFD, which does not lead back. */
        private boolean isExact(Path path, String relative) {
            if (relative.indexOf('\uFFFD') < 0) {
                return true;
            }
            try {
                return directory.resolve(relative).equals(path);
            } catch (InvalidPathException e) {
                return false;
            }
        }
    }

    private record Sortable(byte[] name, FoundFile found) implements Comparable<Sortable> {
        @Override
        public int compareTo(Sortable other) {
            return Arrays.compareUnsigned(name, other.name);
        }
    }
}
