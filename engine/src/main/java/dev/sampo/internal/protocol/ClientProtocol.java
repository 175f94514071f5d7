package dev.sampo.internal.protocol;

import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.OutputPart;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import java.util.List;

/** What a submitter of jobs accepts. */
public interface ClientProtocol {
    /** Everything a submitter accepts. */
    interface Command {}

    /** What may cross the network. */
    sealed interface Wire extends Command, WireMessage {
        /** Returns the job it is about. */
        JobId job();
    }

    /** The cluster has taken the job over. */
    record JobAccepted(JobId job) implements Wire {}

    /**
     * The coordinator has no copy of some blobs of the job, and takes it over when it has. Answered by {@link
     * ClusterProtocol.BlobsOffered}.
     */
    record BlobsWanted(JobId job) implements Wire {}

    /** The coordinator does not know the job: it is another one than the job was submitted to. */
    record JobUnknown(JobId job) implements Wire {}

    /** The cluster does not take this submit; the job of that id, if there is one, goes on. */
    record JobRefused(JobId job, ErrorCode code, String message) implements Wire {}

    /** How far the job is. */
    record JobProgressed(JobId job, JobProgress progress, Counters counters) implements Wire {}

    /**
     * The job's result is visible.
     *
     * @param parts the parts, by name
     * @param results where the parts can be fetched by their digest; {@link DataAddress#NONE} when they are in a directory
     */
    record JobSucceeded(
            JobId job,
            List<OutputPart> parts,
            DataAddress results,
            JobProgress progress,
            Counters counters,
            long durationMillis)
            implements Wire {}

    /** The job ended without a result, {@link ErrorCode#JOB_CANCELED} when somebody asked for that. */
    record JobFailed(
            JobId job, ErrorCode code, String message, String stackTrace, JobProgress progress, Counters counters)
            implements Wire {}
}
