package dev.sampo.internal.client;

import dev.sampo.internal.config.ClientSettings;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Submits one job over HTTP and follows it to its end: by polls that the seed holds back until the job ends or a moment
 * has passed. What fails is tried again with back-off; a seed that does not know a job it was given, for it was started
 * anew, is given it again under the same id. All of it happens on the one thread of {@link SeedHttp#timer()}.
 */
final class HttpJob {
    /** A seed that answers polls at once is not asked more often than this. */
    private static final long LEAST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long MOST_RETRY_AFTER_SECONDS = 60;

    private final SeedHttp http;
    private final ClientSettings settings;
    private final JobTracker<?, ?> tracker;
    private final JobId job;
    private final @Nullable SubmitRequest submit;
    private final Consumer<JobStatus> heard;
    private final LongSupplier nanos;
    private final Backoff backoff;
    private long lastHeardNanos;
    private boolean accepted;
    private @Nullable String cancelReason;
    private boolean cancelSent;

    /**
     * Prepares to follow a job.
     *
     * @param submit what submits it; null when somebody else has
     * @param heard is told what a seed says of the job before its tracker is
     * @param nanos the clock
     */
    HttpJob(
            SeedHttp http,
            ClientSettings settings,
            JobTracker<?, ?> tracker,
            @Nullable SubmitRequest submit,
            Consumer<JobStatus> heard,
            LongSupplier nanos) {
        this.http = http;
        this.settings = settings;
        this.tracker = tracker;
        this.job = tracker.job();
        this.submit = submit;
        this.heard = heard;
        this.nanos = nanos;
        this.backoff = new Backoff(job.hashCode());
    }

    /** Begins; returns at once. */
    void start() {
        later(0, () -> {
            lastHeardNanos = nanos.getAsLong();
            begin();
        });
    }

    /** Asks for the job to be canceled, as soon as a seed has it; returns at once. */
    void cancel(String reason) {
        later(0, () -> {
            cancelReason = reason;
            sendCancel();
        });
    }

    private void begin() {
        if (submit == null) {
            poll();
        } else {
            submit(submit);
        }
    }

    private void submit(SubmitRequest request) {
        findLacking(request, request.digests().iterator(), new LinkedHashSet<>());
    }

    /** Asks for one blob after the other whether the seed has it, then submits with those it has not. */
    private void findLacking(SubmitRequest request, Iterator<String> digests, Set<String> lacking) {
        if (!digests.hasNext()) {
            submit(request, lacking);
            return;
        }
        String digest = digests.next();
        send(http.head("/v1/blobs/" + digest), (answer, failure) -> {
            if (answer == null) {
                retry(failure, OptionalLong.empty());
                return;
            }
            if (answer.statusCode() != 200) {
                lacking.add(digest);
            }
            findLacking(request, digests, lacking);
        });
    }

    private void submit(SubmitRequest request, Set<String> lacking) {
        SeedHttp.Call call = new SeedHttp.Call(
                "POST",
                "/v1/jobs",
                Map.of("Content-Type", SubmitRequest.contentType()),
                () -> request.body(lacking),
                settings.uploadTimeout());
        send(call, (answer, failure) -> {
            if (answer == null) {
                retry(failure, OptionalLong.empty());
            } else if (answer.statusCode() == 200 || answer.statusCode() == 201) {
                heard();
                accept();
                poll();
            } else if (answer.statusCode() == 422
                    && lacking.size() < request.digests().size()) {
                // another seed than the one that was asked, or it has let go of a blob since
                submit(request, new LinkedHashSet<>(request.digests()));
            } else {
                refused("job " + job, answer);
            }
        });
    }

    private void accept() {
        accepted = true;
        tracker.on(new ClientProtocol.JobAccepted(job));
        sendCancel();
    }

    private void poll() {
        if (tracker.awaitsNothing()) {
            return;
        }
        long begun = nanos.getAsLong();
        Duration wait = settings.pollWait();
        // whole seconds in the contract, and none for a wait that is shorter
        String path = path("") + "?wait=" + wait.toSeconds();
        send(http.get(path, wait), (answer, failure) -> {
            if (answer == null) {
                retry(failure, OptionalLong.empty());
            } else if (answer.statusCode() == 200) {
                take(answer.body(), begun);
            } else if (answer.statusCode() == 404 && submit != null) {
                accepted = false;
                cancelSent = false;
                submit(submit);
            } else if (answer.statusCode() == 404) {
                tracker.on(new ClientProtocol.JobUnknown(job));
            } else {
                refused("job " + job, answer);
            }
        });
    }

    private void take(byte[] body, long begun) {
        JobStatus status;
        try {
            status = JobStatus.read(job, body);
        } catch (IOException e) {
            retry(
                    new IOException("a seed's answer is not the status of a job: " + e.getMessage(), e),
                    OptionalLong.empty());
            return;
        }
        heard();
        if (!accepted) {
            accept();
        }
        heard.accept(status);
        if (!tracker.on(status.news())) {
            long rest = LEAST_POLL_NANOS - (nanos.getAsLong() - begun);
            later(Math.max(0, rest), this::poll);
        }
    }

    private void heard() {
        lastHeardNanos = nanos.getAsLong();
        backoff.reset();
    }

    /** A refusal is the end, unless the seed says that it is one for now. */
    private void refused(String what, HttpResponse<byte[]> answer) {
        OptionalLong retryAfter = answer.headers().firstValue("Retry-After").stream()
                .filter(seconds -> seconds.matches("\\d{1,9}"))
                .mapToLong(Long::parseLong)
                .map(seconds -> Math.min(seconds, MOST_RETRY_AFTER_SECONDS))
                .findFirst();
        SampoException problem = SeedProblem.of(what, answer.statusCode(), answer.body());
        boolean forNow = SeedHttp.isNotReady(answer.statusCode()) || retryAfter.isPresent();
        if (forNow) {
            retry(problem, retryAfter);
        } else {
            tracker.end(problem.code(), String.valueOf(problem.getMessage()));
        }
    }

    private void retry(@Nullable Throwable failure, OptionalLong retryAfter) {
        Duration limit = accepted ? settings.silenceLimit() : settings.submitLimit();
        long delay = TimeUnit.MILLISECONDS.toNanos(backoff.nextMillis(retryAfter));
        long silence = nanos.getAsLong() - lastHeardNanos;
        if (silence + delay > limit.toNanos()) {
            String why = failure == null ? "no answer" : String.valueOf(failure.getMessage());
            tracker.end(
                    failure instanceof SampoException known ? known.code() : ErrorCode.NO_ANSWER,
                    "job " + job + ": no seed took the request within " + limit.toMillis() / 1_000.0 + " s: " + why
                            + "; expected a living seed at one of " + http.seeds()
                            + (accepted ? "; the job may go on" : ""));
            return;
        }
        later(delay, accepted ? this::poll : this::begin);
    }

    private void sendCancel() {
        String reason = cancelReason;
        if (reason == null || !accepted || cancelSent || tracker.awaitsNothing()) {
            return;
        }
        cancelSent = true;
        send(http.post(path("/cancel"), SubmitRequest.cancel(reason)), (answer, failure) -> {
            if (answer == null || SeedHttp.isNotReady(answer.statusCode())) {
                cancelSent = false;
                later(TimeUnit.SECONDS.toNanos(1), this::sendCancel);
            }
        });
    }

    private void send(SeedHttp.Call call, SeedHttp.OnAnswer<byte[]> onAnswer) {
        http.send(call, BodyHandlers.ofByteArray(), (answer, failure) -> guarded(() -> onAnswer.take(answer, failure)));
    }

    private String path(String below) {
        return "/v1/jobs/" + job.value() + below;
    }

    private void later(long delayNanos, Runnable step) {
        try {
            // nobody waits for a step; one that fails by a defect ends the tracking
            var unused = http.timer().schedule(() -> guarded(step), delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            tracker.detach("the engine was closed");
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            tracker.end(ErrorCode.INTERNAL, "job " + job + ": following it failed: " + e);
            throw e;
        }
    }
}
