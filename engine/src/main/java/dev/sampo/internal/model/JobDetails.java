package dev.sampo.internal.model;

import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.OutputPart;
import dev.sampo.spi.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the cluster says of a job.
 *
 * @param summary the job in one line
 * @param stages how far each stage is
 * @param counters what was counted so far
 * @param waiting why nothing of it runs, in a sentence; empty when something runs or the job has ended
 * @param failure why it ended without a result, or null
 * @param result its result, or null
 */
public record JobDetails(
        JobSummary summary,
        List<JobProgress.Stage> stages,
        Counters counters,
        String waiting,
        @Nullable Failure failure,
        @Nullable Result result) {
    /** Copies the list. */
    public JobDetails {
        stages = List.copyOf(stages);
    }

    /**
     * Why a job ended without a result.
     *
     * @param code which error it is
     * @param message what, the offending value, what was expected
     * @param stackTrace where user code threw; empty when it did not
     */
    public record Failure(ErrorCode code, String message, String stackTrace) {}

    /**
     * The result of a job.
     *
     * @param parts the files of it
     * @param held where the parts can be read by their digest; {@link DataAddress#NONE} when they are in a directory
     * @param durationMillis how long the job took
     */
    public record Result(List<OutputPart> parts, DataAddress held, long durationMillis) {
        /** Copies the list. */
        public Result {
            parts = List.copyOf(parts);
        }
    }
}
