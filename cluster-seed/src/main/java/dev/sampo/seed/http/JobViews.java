package dev.sampo.seed.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.OutputPart;
import dev.sampo.internal.model.JobDetails;
import dev.sampo.internal.model.JobSummary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jobs as the API shows them. */
final class JobViews {
    private JobViews() {}

    record Jobs(List<Summary> jobs) {}

    record Summary(
            String id,
            String name,
            String queue,
            int priority,
            String state,
            String submitted,
            @Nullable String started,
            @Nullable String ended,
            String output,
            boolean collected,
            JobSummary.Tasks tasks) {
        static Summary of(JobSummary job) {
            return new Summary(
                    job.id().value(),
                    job.name(),
                    job.queue(),
                    job.priority(),
                    job.state().name(),
                    job.submitted().toString(),
                    text(job.started()),
                    text(job.ended()),
                    job.output(),
                    job.collected(),
                    job.tasks());
        }

        private static @Nullable String text(@Nullable Instant time) {
            return time == null ? null : time.toString();
        }
    }

    record Details(
            @JsonUnwrapped Summary summary,
            List<JobProgress.Stage> stages,
            Counters counters,
            @Nullable Failure failure,
            @Nullable Result result,
            @Nullable String waiting) {
        static Details of(JobDetails job) {
            JobDetails.Failure failure = job.failure();
            JobDetails.Result result = job.result();
            return new Details(
                    Summary.of(job.summary()),
                    job.stages(),
                    job.counters(),
                    failure == null
                            ? null
                            : new Failure(failure.code().name(), failure.message(), failure.stackTrace()),
                    result == null ? null : new Result(result.parts(), result.durationMillis()),
                    job.waiting().isEmpty() ? null : job.waiting());
        }
    }

    record Failure(String code, String message, String stackTrace) {}

    record Result(List<OutputPart> parts, long durationMillis) {}
}
