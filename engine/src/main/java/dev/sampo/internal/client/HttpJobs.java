package dev.sampo.internal.client;

import dev.sampo.api.DataType;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.StopMode;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.spi.Codec;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.SampoException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs of a cluster that is reached over HTTP, without actors and without being a member. Safe for many threads. */
public final class HttpJobs implements JobService {
    private static final Logger LOG = LoggerFactory.getLogger(HttpJobs.class);
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(20);

    private final EngineSettings settings;
    private final CodecRegistry codecs;
    private final Sources sources;
    private final SeedHttp http;
    private final Set<JobTracker<?, ?>> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What differs from run to run.
     *
     * @param ids makes the ids of jobs that are not given one
     * @param nanos the clock
     * @param outputs the directories of jobs whose results are committed here
     */
    public record Sources(Supplier<JobId> ids, LongSupplier nanos, SubmitterOutput outputs) {}

    /**
     * Prepares the way to a cluster; connects to nobody yet.
     *
     * @throws SampoException when the token or the certificates cannot be read
     */
    public HttpJobs(SeedUris seeds, EngineSettings settings, CodecRegistry codecs, Sources sources) {
        this.settings = settings;
        this.codecs = codecs;
        this.sources = sources;
        this.http = new SeedHttp(seeds, settings.client());
    }

    @Override
    public <K, V> JobHandle<K, V> submit(JobSpec<K, V> spec) {
        return submit(sources.ids.get(), spec);
    }

    @Override
    public <K, V> JobHandle<K, V> submit(String id, JobSpec<K, V> spec) {
        return submit(JobService.givenId(id), spec);
    }

    private <K, V> JobHandle<K, V> submit(JobId job, JobSpec<K, V> spec) {
        refuseWhenClosed("job " + spec.name());
        OutputSink<? super K, ? super V> written = spec.sink();
        if (written != null && spec.options().outputAtSubmitter()) {
            return submitToHere(job, spec, written);
        } else if (written != null) {
            JobPackager packed = JobPackager.packToShip(spec, written, settings, codecs);
            return follow(job, new SubmitRequest(job, packed), null, status -> CommittedResult::written);
        }
        CollectedSink<K, V> sink = CollectedSink.held(spec, codecs);
        JobPackager packed = JobPackager.packToShip(spec, sink, settings, codecs);
        return follow(
                job, new SubmitRequest(job, packed), null, status -> end -> collected(end, sink.keys(), sink.values()));
    }

    private <K, V> JobHandle<K, V> submitToHere(JobId job, JobSpec<K, V> spec, OutputSink<? super K, ? super V> sink) {
        JobPackager packed = JobPackager.packToShip(spec, new HeldSink<>(sink), settings, codecs);
        SubmitRequest request = new SubmitRequest(job, packed);
        SubmitterOutput.Claimed here;
        try {
            here = sources.outputs.claim(job, spec, sink);
        } catch (RuntimeException | Error e) {
            request.close();
            throw e;
        }
        return follow(job, request, here::giveUp, status -> end -> here.commit(end, parts(end.job())));
    }

    @Override
    public <K, V> JobHandle<K, V> job(String id, DataType<K> keys, DataType<V> values) {
        JobId job = JobService.givenId(id);
        refuseWhenClosed("job " + id);
        Codec<K> keyCodec = keys.valueCodec(codecs);
        Codec<V> valueCodec = values.valueCodec(codecs);
        return follow(
                job,
                null,
                null,
                status -> status != null && status.collected()
                        ? end -> collected(end, keyCodec, valueCodec)
                        : CommittedResult::written);
    }

    /**
     * Follows a job.
     *
     * @param onFailure gives up what waits for its result; null when nothing does
     * @param results is given what was last heard of it, and makes what makes its result
     */
    private <K, V> JobHandle<K, V> follow(
            JobId job,
            @Nullable SubmitRequest submit,
            @Nullable Runnable onFailure,
            Function<@Nullable JobStatus, Function<ClientProtocol.JobSucceeded, JobResult<K, V>>> results) {
        AtomicReference<@Nullable JobStatus> last = new AtomicReference<>();
        AtomicReference<@Nullable HttpJob> follower = new AtomicReference<>();
        JobTracker<K, V> tracker = new JobTracker<>(
                job,
                () -> {
                    HttpJob started = follower.get();
                    if (started != null) {
                        started.cancel("canceled by " + (submit == null ? "somebody who follows it" : "its submitter"));
                    }
                },
                end -> results.apply(last.get()).apply(end));
        tracker.onEnd(() -> {
            running.remove(tracker);
            if (submit != null) {
                submit.close();
            }
        });
        if (onFailure != null) {
            tracker.endSlowly(onFailure);
        }
        running.add(tracker);
        HttpJob started = new HttpJob(http, settings.client(), tracker, submit, last::set, sources.nanos);
        follower.set(started);
        started.start();
        return tracker;
    }

    private <K, V> JobResult<K, V> collected(ClientProtocol.JobSucceeded end, Codec<K> keys, Codec<V> values) {
        return CommittedResult.collected(end, parts(end.job()), keys, values, () -> {});
    }

    private CommittedResult.PartSource parts(JobId job) {
        String parts = "/v1/jobs/" + job.value() + "/result/parts/";
        return part -> new RemotePart(http, parts + part.name(), part);
    }

    private void refuseWhenClosed(String what) {
        if (closed.get()) {
            throw new SampoException(ErrorCode.ENGINE_CLOSED, what + ": the engine is closed; expected an open one");
        }
    }

    @Override
    public void close(StopMode mode) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<JobTracker<?, ?>> jobs = List.copyOf(running);
        if (mode == StopMode.CANCEL) {
            jobs.forEach(JobTracker::cancel);
        }
        Duration limit = switch (mode) {
            case CANCEL -> CANCEL_LIMIT;
            case DETACH -> settings.client().submitLimit();
            case DRAIN -> Duration.ofNanos(Long.MAX_VALUE / 2);
        };
        long deadline = sources.nanos.getAsLong() + limit.toNanos();
        boolean interrupted = false;
        for (JobTracker<?, ?> job : jobs) {
            try {
                long left = deadline - sources.nanos.getAsLong();
                if (!(mode == StopMode.DETACH
                        ? job.awaitAccepted(left, TimeUnit.NANOSECONDS)
                        : job.awaitEnd(left, TimeUnit.NANOSECONDS))) {
                    LOG.warn("job {} did not {} in time", job.id(), mode == StopMode.DETACH ? "reach a seed" : "end");
                }
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        http.close();
        List.copyOf(running).forEach(job -> job.detach("the engine was closed"));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(StopMode.DETACH);
    }
}
