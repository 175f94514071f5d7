package dev.sampo.api;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Choices of one job that override the engine's settings.
 *
 * @param maxAttempts how often a task may fail before the job does, or null for {@code sampo.task.max-attempts}
 * @param attemptTimeLimit how long one attempt may run, or null for {@code sampo.task.time-limit}
 * @param splitBytes the split size to aim for, or null for {@code sampo.input.split-size}
 * @param queue the queue whose share of the slots it takes, or null for {@code default}
 * @param priority in its queue, jobs of a lower priority get the slots that it leaves; 0 unless set
 * @param outputAtSubmitter whether the results are handed to the submitter, who commits them to the output directory
 * @param speculation whether tasks may have a second attempt beside one that seems late
 */
public record JobOptions(
        @Nullable Integer maxAttempts,
        @Nullable Duration attemptTimeLimit,
        @Nullable Long splitBytes,
        @Nullable String queue,
        int priority,
        boolean outputAtSubmitter,
        boolean speculation)
        implements Serializable {
    /** Priorities go from minus this to this. */
    public static final int MOST_PRIORITY = 1_000_000;

    /** No overrides. */
    public static final JobOptions DEFAULTS = new JobOptions(null, null, null, null, 0, false, true);

    /** Checks the components. */
    public JobOptions {
        if (maxAttempts != null && maxAttempts < 1) {
            throw new IllegalArgumentException("max attempts: " + maxAttempts + "; expected at least 1");
        }
        if (attemptTimeLimit != null && (attemptTimeLimit.isNegative() || attemptTimeLimit.isZero())) {
            throw new IllegalArgumentException("attempt time limit: " + attemptTimeLimit + "; expected more than 0");
        }
        if (splitBytes != null && splitBytes < 1) {
            throw new IllegalArgumentException("split size: " + splitBytes + "; expected at least 1 byte");
        }
        if (queue != null && queue.isBlank()) {
            throw new IllegalArgumentException("queue '" + queue + "'; expected the name of a queue");
        }
        if (Math.abs((long) priority) > MOST_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority: " + priority + "; expected " + -MOST_PRIORITY + " to " + MOST_PRIORITY);
        }
    }

    JobOptions withMaxAttempts(int limit) {
        return new JobOptions(limit, attemptTimeLimit, splitBytes, queue, priority, outputAtSubmitter, speculation);
    }

    JobOptions withAttemptTimeLimit(Duration limit) {
        return new JobOptions(maxAttempts, limit, splitBytes, queue, priority, outputAtSubmitter, speculation);
    }

    JobOptions withSplitBytes(long bytes) {
        return new JobOptions(maxAttempts, attemptTimeLimit, bytes, queue, priority, outputAtSubmitter, speculation);
    }

    JobOptions withQueue(String name) {
        return new JobOptions(
                maxAttempts, attemptTimeLimit, splitBytes, name, priority, outputAtSubmitter, speculation);
    }

    JobOptions withPriority(int other) {
        return new JobOptions(maxAttempts, attemptTimeLimit, splitBytes, queue, other, outputAtSubmitter, speculation);
    }

    JobOptions withOutputAtSubmitter() {
        return new JobOptions(maxAttempts, attemptTimeLimit, splitBytes, queue, priority, true, speculation);
    }

    JobOptions withoutSpeculation() {
        return new JobOptions(maxAttempts, attemptTimeLimit, splitBytes, queue, priority, outputAtSubmitter, false);
    }
}
