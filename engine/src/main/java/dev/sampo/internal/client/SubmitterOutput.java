package dev.sampo.internal.client;

import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol.JobSucceeded;
import dev.sampo.spi.OutputSink;

/** Output directories that only the submitters of jobs can write: the results of a job are committed where it was submitted. */
@FunctionalInterface
public interface SubmitterOutput {
    /**
     * Claims the directory of a sink. Blocks.
     *
     * @throws dev.sampo.spi.SampoException when the directory holds a result, is another job's, or cannot be written
     */
    Claimed claim(JobId job, JobSpec<?, ?> spec, OutputSink<?, ?> sink);

    /** A directory that waits for the result of one job. Safe for many threads. */
    interface Claimed {
        /**
         * Fetches the parts of the result, holds them against their digests, and makes them visible in the directory; or
         * gives the claim up. Blocks.
         *
         * @param end what the cluster says of the job
         * @param source opens the parts where the cluster holds them
         * @return the result as it is in the directory
         * @throws dev.sampo.spi.SampoException when the parts cannot be fetched or written, or the claim was given up
         */
        <K, V> JobResult<K, V> commit(JobSucceeded end, CommittedResult.PartSource source);

        /**
         * Gives the claim up, and leaves nothing of the job in the directory. A commit that runs ends without result.
         * Does nothing to what is committed.
         */
        void giveUp();
    }
}
