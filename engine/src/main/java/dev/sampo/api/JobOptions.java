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
 */
public record JobOptions(
        @Nullable Integer maxAttempts,
        @Nullable Duration attemptTimeLimit,
        @Nullable Long splitBytes) implements Serializable {
    /** No overrides. */
    public static final JobOptions DEFAULTS = new JobOptions(null, null, null);

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
    }
}
