package dev.sampo.spi;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * A small file that only the submitter of a job can read. An {@link InputSource} or a function of the job that holds one
 * in a field finds a copy of the file on each node that runs the job. In an embedded engine it is the file itself.
 * Implemented by the engine only.
 */
public interface ShippedFile extends Serializable {
    /**
     * Returns a file that travels with the jobs that hold it.
     *
     * @param file a regular file of the default file system, which must stay as it is until the job is accepted
     */
    static ShippedFile of(Path file) {
        return new LocalFile(file.toAbsolutePath().toString());
    }

    /**
     * Returns the file: as it was named, or this node's copy in a function that runs. A copy must not be changed, and is
     * gone after the job.
     *
     * @throws IOException when it is not there
     */
    Path path() throws IOException;
}
