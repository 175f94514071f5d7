package dev.sampo.internal.output;

import dev.sampo.internal.model.PartFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one attempt writes, under a name of its own that no reader of results looks at. Used by the thread of the
 * attempt; {@link #close} deletes the file unless it was finished.
 */
public final class AttemptOutput implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptOutput.class);

    private final Path file;
    private final String relativeName;
    private final int partition;
    private final String extension;
    private final DigestingStream stream;
    private boolean done;

    AttemptOutput(Path file, String relativeName, int partition, String extension, DigestingStream stream) {
        this.file = file;
        this.relativeName = relativeName;
        this.partition = partition;
        this.extension = extension;
        this.stream = stream;
    }

    /**
     * Opens a file of this node alone, for a part that goes to no output directory.
     *
     * @param file made with the folders above it; {@link #abort} deletes it
     * @throws dev.sampo.spi.SampoException {@link dev.sampo.spi.ErrorCode#OUTPUT_UNWRITABLE}
     */
    public static AttemptOutput local(Path file, int partition, String extension) {
        Path folder = Objects.requireNonNull(file.getParent(), "the folder of a part");
        OutputErrors errors = new OutputErrors(folder);
        return errors.guard("write a part", () -> {
            Files.createDirectories(folder);
            String name = String.valueOf(file.getFileName());
            DigestingStream stream = new DigestingStream(Files.newOutputStream(file), errors);
            return new AttemptOutput(file, name, partition, extension, stream);
        });
    }

    /**
     * Returns the stream to write to: buffered, counted and digested. Its failures are {@link
     * dev.sampo.spi.SampoException} with {@link dev.sampo.spi.ErrorCode#OUTPUT_UNWRITABLE}. Flushing it does nothing.
     */
    public OutputStream stream() {
        return stream;
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Returns the bytes written so far. */
    public long bytes() {
        return stream.bytes();
    }

    /**
     * Finishes the file, which then waits for the commit of the job.
     *
     * @param records the records in it
     * @throws dev.sampo.spi.SampoException {@link dev.sampo.spi.ErrorCode#OUTPUT_UNWRITABLE}; {@link #close} deletes the
     *     file
     */
    public PartFile finish(long records) {
        if (done) {
            throw new IllegalStateException(relativeName + " was finished or given up already");
        }
        stream.close();
        done = true;
        return new PartFile(partition, relativeName, extension, records, stream.bytes(), stream.digest());
    }

    /** Deletes the file. Does nothing when that was done. */
    public void abort() {
        done = true;
        stream.discard();
        try {
            Files.deleteIfExists(file);
        } catch (IOException | ReadOnlyFileSystemException e) {
            // The end of the job deletes it together with its directory.
            LOG.warn("{}: cannot delete what an attempt gave up", file, e);
        }
    }

    /** Gives the file up unless it was finished. */
    @Override
    public void close() {
        if (!done) {
            abort();
        }
    }
}
