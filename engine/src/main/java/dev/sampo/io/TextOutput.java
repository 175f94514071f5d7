package dev.sampo.io;

import dev.sampo.spi.OutputSink;
import dev.sampo.spi.RecordWriter;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;

/**
 * Results as lines of text: the key, a TAB, the value, a LF. {@link Text} and {@code byte[]} are written as their
 * bytes, everything else as the UTF-8 bytes of its {@code toString}; an unpaired surrogate in it fails the attempt.
 * Nothing is escaped: a TAB or LF in a key or value goes out as it is. Immutable.
 */
public final class TextOutput implements OutputSink<Object, Object> {
    private static final long serialVersionUID = 1;

    private final URI directory;
    private final boolean overwrite;
    private final Columns columns;

    private TextOutput(URI directory, boolean overwrite, Columns columns) {
        this.directory = directory;
        this.overwrite = overwrite;
        this.columns = columns;
    }

    /**
     * Returns an output in a directory.
     *
     * @param directoryOrUri a path, taken from the current directory of this process unless absolute, or a URI with the
     *     scheme of any {@link java.nio.file.FileSystem}
     */
    public static TextOutput to(String directoryOrUri) {
        return to(OutputLocation.of(directoryOrUri));
    }

    /** Returns an output in a directory, on any file system. */
    public static TextOutput to(Path directory) {
        return to(OutputLocation.of(directory));
    }

    /** Returns an output in a directory, on any file system. */
    public static TextOutput to(URI directory) {
        return new TextOutput(OutputLocation.of(directory), false, Columns.KEY_AND_VALUE);
    }

    /** Returns this output replacing, or refusing to replace, what the directory holds when the job commits. */
    public TextOutput overwrite(boolean replace) {
        return new TextOutput(directory, replace, columns);
    }

    /** Returns this output with lines of the key alone. */
    public TextOutput keysOnly() {
        return new TextOutput(directory, overwrite, Columns.KEY);
    }

    /** Returns this output with lines of the value alone. */
    public TextOutput valuesOnly() {
        return new TextOutput(directory, overwrite, Columns.VALUE);
    }

    @Override
    public URI directory() {
        return directory;
    }

    @Override
    public boolean overwrite() {
        return overwrite;
    }

    @Override
    public RecordWriter<Object, Object> open(OutputStream out) {
        return new TextWriter(new BatchedOutput(out), columns);
    }

    @Override
    public String toString() {
        return "TextOutput[" + directory + "]";
    }

    /** What of a record is written. */
    enum Columns {
        KEY_AND_VALUE,
        KEY,
        VALUE
    }
}
