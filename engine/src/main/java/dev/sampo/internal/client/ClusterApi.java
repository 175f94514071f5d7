package dev.sampo.internal.client;

import dev.sampo.api.JobState;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobDetails;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.JobSummary;
import dev.sampo.internal.protocol.ApiProtocol.EventsRead;
import dev.sampo.spi.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What can be asked of a cluster, from any member of it. Answers come later and never block; a stage fails with a {@link
 * dev.sampo.spi.SampoException} of {@link ErrorCode#NO_ANSWER} when the coordinator does not answer in time, as while it
 * moves to another seed. Safe for many threads.
 */
public interface ClusterApi {
    /**
     * Submits a job, which belongs to the cluster from then on. A submit repeated with the same id is one job. Fails with
     * the {@link ErrorCode} of the refusal, {@link ErrorCode#JOB_UNKNOWN} when the id is that of another job.
     *
     * @return whether the job was not known before
     */
    CompletionStage<Boolean> submit(JobId job, JobOutline outline, JobDefinition definition);

    /**
     * Returns the jobs, the newest first.
     *
     * @param states the states they are in; all when empty
     * @param limit at most so many
     */
    CompletionStage<List<JobSummary>> jobs(Set<JobState> states, int limit);

    /**
     * Returns what is known of a job; empty when it is not known.
     *
     * @param patience how long the answer may wait for the end of the job
     */
    CompletionStage<Optional<JobDetails>> job(JobId job, Duration patience);

    /** Asks for a job to be canceled, and returns what is known of it; one that has ended stays as it is. */
    CompletionStage<Optional<JobDetails>> cancel(JobId job, String reason);

    /** Returns the members of the cluster, by address. */
    CompletionStage<List<ClusterNode>> nodes();

    /**
     * Asks a worker to give its work away and leave.
     *
     * @param address where it is, as {@link ClusterNode#address}
     * @return whether there is such a worker
     */
    CompletionStage<Boolean> drain(String address);

    /**
     * Returns events.
     *
     * @param job whose; empty for those of all jobs and of the nodes
     * @param after the sequence number after which to begin; 0 for the oldest kept, -1 for those to come
     * @param limit at most so many
     * @param patience how long the answer may wait for an event
     */
    CompletionStage<EventsRead> events(Optional<JobId> job, long after, int limit, Duration patience);

    /** Returns whether this member takes part in the cluster. */
    boolean isUp();
}
