package dev.sampo.spi;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.URI;

/**
 * A directory that results are committed to, and the format they are written in. The engine owns the files: an attempt
 * writes under a private name; the one attempt per partition that is granted the commit becomes {@code part-NNNNN},
 * and {@code _SUCCESS} appears last.
 *
 * @param <K> the type of the result keys
 * @param <V> the type of the result values
 */
public interface OutputSink<K, V> extends Serializable {
    /** Returns the directory, on any file system that {@link java.nio.file.Path#of(URI)} can find. */
    URI directory();

    /** Returns whether files already in the directory are replaced when the job commits. */
    boolean overwrite();

    /** Returns what follows {@code part-NNNNN} in a file's name, such as {@code .csv}; mostly empty. */
    default String extension() {
        return "";
    }

    /**
     * Opens a writer of one part on a buffered stream, which the engine closes after the writer.
     *
     * @throws IOException when the head of the file cannot be written
     */
    RecordWriter<K, V> open(OutputStream out) throws IOException;
}
