package dev.sampo.internal.model;

import dev.sampo.api.JobState;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job in one line.
 *
 * @param id the job
 * @param name what people call it
 * @param queue the queue whose share of the slots it takes
 * @param priority its priority in that queue
 * @param state where it is on its way
 * @param submitted when the cluster took it over
 * @param started when it left its queue, or null when it has not
 * @param ended when it ended, or null when it has not
 * @param output where its results go, as people know it; empty when the cluster holds them
 * @param collected whether the results are records for whoever asks; false also for parts that the submitter fetches
 * @param tasks how many tasks it has as far as it is planned
 */
public record JobSummary(
        JobId id,
        String name,
        String queue,
        int priority,
        JobState state,
        Instant submitted,
        @Nullable Instant started,
        @Nullable Instant ended,
        String output,
        boolean collected,
        Tasks tasks)
        implements Serializable {
    /**
     * The tasks of a job, over all its stages.
     *
     * @param total how many are known so far
     * @param done how many are done
     * @param running attempts that run now
     */
    public record Tasks(int total, int done, int running) implements Serializable {}
}
