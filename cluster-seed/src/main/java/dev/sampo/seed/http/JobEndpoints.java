package dev.sampo.seed.http;

import dev.sampo.api.JobState;
import dev.sampo.internal.client.ClusterApi;
import dev.sampo.internal.config.HttpSettings;
import dev.sampo.internal.model.JobId;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;

/** What can be asked about jobs, and their cancellation. */
final class JobEndpoints {
    private static final int MOST_JOBS = 1_000;
    private static final int SOME_JOBS = 100;
    private static final int MOST_REASON = 4 << 10;
    private static final String NO_REASON = "canceled by a client of the API";

    private final ClusterApi cluster;
    private final Duration longPoll;
    private final Materializer materializer;

    JobEndpoints(ClusterApi cluster, HttpSettings.Times times, Materializer materializer) {
        this.cluster = cluster;
        // an answer must come before the connection counts as idle
        this.longPoll = times.longPoll().compareTo(times.idle().dividedBy(2)) < 0
                ? times.longPoll()
                : times.idle().dividedBy(2);
        this.materializer = materializer;
    }

    /** The body of a cancellation. */
    record Cancellation(@Nullable String reason) {}

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(HttpMethods.GET, "/v1/jobs", Access.VIEW, this::list),
                Endpoint.of(HttpMethods.GET, "/v1/jobs/{id}", Access.VIEW, this::describe),
                Endpoint.of(HttpMethods.POST, "/v1/jobs/{id}/cancel", Access.SUBMIT, this::cancel));
    }

    private CompletionStage<HttpResponse> list(ApiRequest request) {
        int limit = (int) request.number("limit", SOME_JOBS, MOST_JOBS);
        return cluster.jobs(states(request), limit)
                .thenApply(jobs -> Json.response(
                        StatusCodes.OK,
                        new JobViews.Jobs(
                                jobs.stream().map(JobViews.Summary::of).toList())));
    }

    private static Set<JobState> states(ApiRequest request) {
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        request.query("state").ifPresent(text -> {
            for (String name : text.split(",", -1)) {
                try {
                    states.add(JobState.valueOf(name.toUpperCase(Locale.ROOT)));
                } catch (IllegalArgumentException e) {
                    throw ApiProblem.invalid(
                            "query parameter state is '" + text + "'; expected some of "
                                    + Arrays.toString(JobState.values()) + ", parted by commas",
                            name);
                }
            }
        });
        return states;
    }

    private CompletionStage<HttpResponse> describe(ApiRequest request) {
        JobId job = request.job();
        Duration wait = Duration.ofSeconds(request.number("wait", 0, Integer.MAX_VALUE));
        return cluster.job(job, wait.compareTo(longPoll) < 0 ? wait : longPoll)
                .thenApply(known -> Json.response(
                        StatusCodes.OK,
                        JobViews.Details.of(known.orElseThrow(() -> ApiProblem.unknownJob(job.value())))));
    }

    private CompletionStage<HttpResponse> cancel(ApiRequest request) {
        JobId job = request.job();
        return request.http()
                .entity()
                .withSizeLimit(MOST_REASON)
                .toStrict(longPoll.toMillis(), materializer)
                .thenCompose(body -> {
                    byte[] bytes = body.getData().toArray();
                    String reason = bytes.length == 0
                            ? null
                            : Json.read(bytes, Cancellation.class, "the body of the cancellation")
                                    .reason();
                    return cluster.cancel(job, reason == null || reason.isBlank() ? NO_REASON : reason);
                })
                .thenApply(known -> {
                    AuditLog.write(request, "cancel", job.value(), known.isPresent() ? "accepted" : "unknown");
                    return Json.response(
                            StatusCodes.ACCEPTED,
                            JobViews.Summary.of(known.orElseThrow(() -> ApiProblem.unknownJob(job.value()))
                                    .summary()));
                });
    }
}
