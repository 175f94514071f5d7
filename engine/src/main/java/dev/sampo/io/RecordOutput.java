package dev.sampo.io;

import dev.sampo.spi.OutputSink;
import dev.sampo.spi.RecordWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;

/**
 * Results as bytes: those of the key, then those of the value, with nothing between or behind them; the counterpart of
 * {@link RecordInput}. Immutable.
 */
public final class RecordOutput implements OutputSink<Text, Text> {
    private static final long serialVersionUID = 1;

    private final URI directory;
    private final boolean overwrite;

    private RecordOutput(URI directory, boolean overwrite) {
        this.directory = directory;
        this.overwrite = overwrite;
    }

    /**
     * Returns an output in a directory.
     *
     * @param directoryOrUri a path, taken from the current directory of this process unless absolute, or a URI with the
     *     scheme of any {@link java.nio.file.FileSystem}
     */
    public static RecordOutput to(String directoryOrUri) {
        return to(OutputLocation.of(directoryOrUri));
    }

    /** Returns an output in a directory, on any file system. */
    public static RecordOutput to(Path directory) {
        return to(OutputLocation.of(directory));
    }

    /** Returns an output in a directory, on any file system. */
    public static RecordOutput to(URI directory) {
        return new RecordOutput(OutputLocation.of(directory), false);
    }

    /** Returns this output replacing, or refusing to replace, what the directory holds when the job commits. */
    public RecordOutput overwrite(boolean replace) {
        return new RecordOutput(directory, replace);
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
    public RecordWriter<Text, Text> open(OutputStream out) {
        return new BytesWriter(new BatchedOutput(out));
    }

    @Override
    public String toString() {
        return "RecordOutput[" + directory + "]";
    }

    private static final class BytesWriter implements RecordWriter<Text, Text> {
        private final BatchedOutput out;

        BytesWriter(BatchedOutput out) {
            this.out = out;
        }

        @Override
        public void write(Text key, Text value) throws IOException {
            out.write(key.array(), key.offset(), key.length());
            out.write(value.array(), value.offset(), value.length());
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
