package dev.sampo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sampo.HttpApi;
import dev.sampo.Sampo;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.JobState;
import dev.sampo.api.StopMode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Hands one job to a cluster, and waits for its end where that is asked for. */
final class JobSubmit {
    /** After so long in the queue somebody may wonder why. */
    private static final long QUEUED_MILLIS = 3_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Streams streams;
    private final EngineOptions options;
    private final SeedOptions seed;
    private final @Nullable String id;

    JobSubmit(Streams streams, EngineOptions options, SeedOptions seed, @Nullable String id) {
        this.streams = streams;
        this.options = options;
        this.seed = seed;
        this.id = id;
    }

    /**
     * Submits the job and prints its id, once the cluster has taken it over.
     *
     * @param output where the job writes, as the user named it; empty when that is known to the job alone
     * @param wait whether to wait for its end, and to report that
     */
    <K, V> void submit(JobSpec<K, V> job, String output, boolean wait) throws InterruptedException {
        options.warnOfWhatAClusterIgnores(streams.err());
        Settings settings = options.settings();
        seed.addTo(settings);
        try (Sampo sampo = settings.start(overrides -> Sampo.connect(seed.uris(), overrides))) {
            JobSpec<K, V> chosen = options.apply(job);
            JobHandle<K, V> handle = id == null ? sampo.submit(chosen) : sampo.submit(id, chosen);
            awaitAccepted(handle);
            if (!wait) {
                accepted(handle.id(), job.name());
                return;
            }
            if (!options.isQuiet()) {
                streams.err().println("submitted " + handle.id());
            }
            Thread onInterrupt = new Thread(() -> detached(handle.id()), "sampo-detach");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            JobReport report = new JobReport(streams, options, output);
            ScheduledExecutorService hints = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "sampo-hint");
                thread.setDaemon(true);
                return thread;
            });
            var unused = hints.schedule(() -> sayWhyItWaits(handle, settings), QUEUED_MILLIS, TimeUnit.MILLISECONDS);
            try (JobResult<K, V> result = report.await(job.name(), handle)) {
                report.report(job.name(), result, job.sink() == null);
            } finally {
                hints.shutdownNow();
                JobRun.forget(onInterrupt);
                sampo.close(StopMode.DETACH);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitAccepted(JobHandle<?, ?> handle) throws InterruptedException {
        try {
            handle.accepted().toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SampoException known) {
                throw known;
            }
            throw new IllegalStateException("job " + handle.id() + ": " + e.getCause(), e);
        }
    }

    private void accepted(String job, String name) {
        if (options.isJson()) {
            streams.out()
                    .println(JSON.createObjectNode()
                            .put("id", job)
                            .put("name", name)
                            .put("state", "ACCEPTED"));
        } else {
            streams.out().println(job);
        }
        streams.out().flush();
    }

    private void detached(String job) {
        streams.err()
                .println("sampo: job " + job + " goes on; 'sampo job " + job + seed.asOption() + "' shows it, 'sampo"
                        + " cancel " + job + seed.asOption() + "' ends it");
        streams.err().flush();
    }

    private void sayWhyItWaits(JobHandle<?, ?> handle, Settings settings) {
        if (handle.state() != JobState.QUEUED && handle.state() != JobState.PLANNING) {
            return;
        }
        try (HttpApi api = settings.start(overrides -> HttpApi.at(seed.uris(), overrides))) {
            JsonNode job = JSON.readTree(api.get("/v1/jobs/" + handle.id(), Duration.ZERO));
            String waiting = job.path("waiting").asText("");
            if (!waiting.isEmpty()) {
                streams.err().println("sampo: job " + handle.id() + " waits: " + waiting);
            }
        } catch (IOException | SampoException e) {
            // the job itself is followed elsewhere, which says what is wrong
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
