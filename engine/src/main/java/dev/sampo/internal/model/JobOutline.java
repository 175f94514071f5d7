package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.List;

/**
 * What the control side knows of a job before it is planned: facts, no user code.
 *
 * @param name what people call the job
 * @param sampled whether a sample of the keys is needed before the first shuffle
 * @param partitions the partitions of each shuffle in order, at least one; 0 where they are chosen from the input's size
 * @param maxAttempts how many charged failures of one task fail the job, at least 1
 * @param attemptTimeLimitMillis how long an attempt may run, or 0 for no limit
 * @param output where the results go, as people know it; empty when the cluster holds them
 * @param collected whether the results are records for whoever asks; false also for parts that the submitter fetches
 * @param queue the queue whose share of the slots it takes
 * @param speculation whether its tasks may have a second attempt beside one that seems late
 * @param priority a job of a higher priority gets slots before those of its queue with a lower one; 0 unless set
 */
public record JobOutline(
        String name,
        boolean sampled,
        List<Integer> partitions,
        int maxAttempts,
        long attemptTimeLimitMillis,
        String output,
        boolean collected,
        String queue,
        boolean speculation,
        int priority)
        implements Serializable {
    /** The queue of a job that names none. */
    public static final String DEFAULT_QUEUE = "default";

    /** Copies and checks the components. */
    public JobOutline {
        partitions = List.copyOf(partitions);
        if (partitions.isEmpty() || maxAttempts < 1 || attemptTimeLimitMillis < 0) {
            throw new IllegalArgumentException("job " + name + ": " + partitions.size() + " shuffles, " + maxAttempts
                    + " attempts, time limit " + attemptTimeLimitMillis + " ms; expected at least 1, 1 and 0");
        }
    }
}
