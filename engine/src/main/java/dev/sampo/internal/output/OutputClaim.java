package dev.sampo.internal.output;

import dev.sampo.internal.model.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one job to write into a directory. Whoever got it holds it until the job's output is committed or given
 * up, and then closes it. On local file systems it ends with the process; elsewhere it lies in a file that has to be
 * deleted by hand when the process dies. Safe for many threads.
 */
public final class OutputClaim implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputClaim.class);

    private final JobId job;
    private final Path claimFile;
    private final @Nullable DirectoryLock lock;
    private boolean closed;

    OutputClaim(JobId job, Path claimFile, @Nullable DirectoryLock lock) {
        this.job = job;
        this.claimFile = claimFile;
        this.lock = lock;
    }

    /** Returns the job that may write. */
    public JobId job() {
        return job;
    }

    /** Gives the claim back. What the job left in the directory stays; a commit or an abort removes it before. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            ClaimRecord record = ClaimRecord.read(claimFile);
            if (record != null && record.job().equals(job.value()) && record.isOfThisProcess()) {
                record.givenBack().write(claimFile);
            }
        } catch (IOException | ReadOnlyFileSystemException e) {
            LOG.warn("{}: cannot give back the claim of job {}", claimFile, job, e);
        } finally {
            unlock();
        }
    }

    private void unlock() {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                LOG.warn("{}: cannot unlock what job {} claimed", claimFile, job, e);
            }
        }
    }
}
