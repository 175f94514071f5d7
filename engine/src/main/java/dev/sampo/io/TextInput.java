package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.SampoException;
import dev.sampo.spi.Split;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines of text files. A line ends at LF (0x0A) alone and comes without it: a CR stays, a last line without LF is a
 * line, NUL and bytes that are not UTF-8 pass through unchanged.
 *
 * <p>An input is named by
 *
 * <ul>
 *   <li>a path, taken from the current directory of the process that names it unless absolute: a file, or a directory,
 *       which stands for all regular files below it, in the unsigned byte order of their paths below it;
 *   <li>a glob in the syntax of {@link java.nio.file.FileSystem#getPathMatcher}, where {@code **}{@code /} also stands
 *       for no directory and a directory that matches for all files below it; a file or directory that exists under
 *       the very name comes first;
 *   <li>a URI with the scheme of any {@link java.nio.file.FileSystem}, such as {@code jar:file:/data/a.zip!/logs}; it
 *       may end in a glob too.
 * </ul>
 *
 * <p>A file named {@code _SUCCESS} and a directory named {@code _temporary} are passed over where they are found and
 * not named, so that the output of one job can be the input of another; every other file is read, those that begin
 * with a dot too. Symbolic links that are named, or
 * matched by a glob, are followed; those below a named directory are passed over, as by {@code find -type f}. Inputs are read in the order they are named, and as often.
 *
 * <p>Files that begin like gzip or Zstandard are uncompressed, all members and frames of them; one such file is one
 * split. Others are cut at the split size; small ones are packed together, up to the split size and 4096 of them.
 *
 * <p>Immutable. The paths that records show begin with the name as it was given.
 */
public final class TextInput implements InputSource<Text> {
    private static final long serialVersionUID = 1;

    private final ArrayList<NamedInput> inputs;
    private final ArrayList<String> locations;

    private TextInput(List<NamedInput> inputs, List<String> locations) {
        this.inputs = new ArrayList<>(inputs);
        this.locations = new ArrayList<>(locations);
    }

    /** Returns the lines of the inputs that are named. */
    public static TextInput from(String... pathsGlobsOrUris) {
        return from(Arrays.asList(pathsGlobsOrUris));
    }

    /** Returns the lines of the inputs that are named. */
    public static TextInput from(List<String> pathsGlobsOrUris) {
        return new TextInput(pathsGlobsOrUris.stream().map(NamedInput::of).toList(), List.of());
    }

    /** Returns the lines of files and directories; a path is never read as a glob. */
    public static TextInput from(Path... paths) {
        return new TextInput(Arrays.stream(paths).map(NamedInput::of).toList(), List.of());
    }

    /**
     * Returns the same lines from files that travel with the job: for small inputs that only its submitter can read. The
     * files are found now, and must stay as they are until the job is accepted. In an embedded engine they are read
     * where they are.
     *
     * @throws SampoException when an input is not there, cannot be listed, or is not on the default file system
     */
    public TextInput shipped() {
        FileScan scan = new FileScan((path, shown, size) -> FilePiece.Content.MAYBE_COMPRESSED);
        List<NamedInput> files = new ArrayList<>();
        for (NamedInput input : inputs) {
            String name = input.literal().shown();
            if (input.literal().isUri()) {
                throw new SampoException(
                        ErrorCode.INPUT_UNREADABLE,
                        "input " + name + " cannot travel with a job; expected a path of the default file system");
            }
            try {
                for (FoundFile found : scan.scan(input, 0)) {
                    FilePiece file = found.file();
                    NamedInput.Place place = file.root() == 0 ? input.literal() : input.globBase();
                    Path path = file.nameIsUri() ? Path.of(URI.create(file.name())) : Path.of(found.identity());
                    files.add(NamedInput.shipped(place.shown(file.nameIsUri() ? path.toString() : file.name()), path));
                }
            } catch (IOException e) {
                throw new SampoException(
                        ErrorCode.INPUT_UNREADABLE, "input " + name + " cannot be listed: " + e.getMessage(), e);
            }
        }
        return new TextInput(files, locations);
    }

    /**
     * Returns the same lines, preferably read by nodes that one of the locations names: for files that exist on some nodes
     * only, or are nearer to them. Other nodes read them when these are busy for longer than {@code
     * sampo.task.locality-wait}, or none is there.
     *
     * @param hostsOrLabels each the host of a node, its {@code host:port}, or a label such as {@code zone=a}
     */
    public TextInput near(String... hostsOrLabels) {
        return near(Arrays.asList(hostsOrLabels));
    }

    /**
     * Returns the same lines, preferably read by nodes that one of the locations names: for files that exist on some nodes
     * only, or are nearer to them. Other nodes read them when these are busy for longer than {@code
     * sampo.task.locality-wait}, or none is there.
     *
     * @param hostsOrLabels each the host of a node, its {@code host:port}, or a label such as {@code zone=a}
     */
    public TextInput near(List<String> hostsOrLabels) {
        return new TextInput(inputs, hostsOrLabels);
    }

    /** Returns the same lines as strings; what is not well-formed UTF-8 becomes U+FFFD. */
    public InputSource<String> asStrings() {
        return new StringLines(this);
    }

    @Override
    public List<Split> splits(ReadOptions options) throws IOException {
        FileScan scan = new FileScan((path, shown, size) -> {
            if (!SplitPlanner.isLarge(size, options.splitBytes())) {
                return FilePiece.Content.MAYBE_COMPRESSED;
            }
            try {
                return Compression.of(path) == Compression.NONE
                        ? FilePiece.Content.PLAIN
                        : FilePiece.Content.MAYBE_COMPRESSED;
            } catch (IOException e) {
                throw InputErrors.explain(shown, e);
            }
        });
        SplitPlanner planner = new SplitPlanner(options.splitBytes(), 1, locations);
        for (int i = 0; i < inputs.size(); i++) {
            scan.scan(inputs.get(i), i).forEach(planner::add);
        }
        return planner.splits();
    }

    @Override
    public RecordReader<Text> open(Split split, ReadOptions options) {
        return new LineReader(new PieceCursor(inputs, PieceList.decode(split.payload())), options.maxRecordBytes());
    }

    @Override
    public String toString() {
        return "TextInput"
                + inputs.stream().map(input -> input.literal().shown()).toList();
    }

    private record StringLines(TextInput lines) implements InputSource<String> {
        @Override
        public List<Split> splits(ReadOptions options) throws IOException {
            return lines.splits(options);
        }

        @Override
        public RecordReader<String> open(Split split, ReadOptions options) {
            return new StringReader(lines.open(split, options));
        }
    }

    private record StringReader(RecordReader<Text> lines) implements RecordReader<String> {
        @Override
        public boolean next() throws IOException {
            return lines.next();
        }

        @Override
        public String record() {
            return lines.record().toString();
        }

        @Override
        public String path() {
            return lines.path();
        }

        @Override
        public long offset() {
            return lines.offset();
        }

        @Override
        public long bytesRead() {
            return lines.bytesRead();
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
