package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import dev.sampo.api.DataType;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.StopMode;
import dev.sampo.internal.client.ClusterClient;
import dev.sampo.internal.client.CollectedSink;
import dev.sampo.internal.client.CommittedResult;
import dev.sampo.internal.client.HeldSink;
import dev.sampo.internal.client.HttpJobs;
import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.client.JobService;
import dev.sampo.internal.client.JobTracker;
import dev.sampo.internal.client.SeedApi;
import dev.sampo.internal.client.SeedUris;
import dev.sampo.internal.client.SubmitterOutput;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.io.Codecs;
import dev.sampo.spi.Codec;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.SampoException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running engine with actors: one in this JVM alone, or a member of a cluster. Safe for many threads.
 */
public final class EngineRuntime implements JobService {
    private static final Logger LOG = LoggerFactory.getLogger(EngineRuntime.class);

    /** How long close waits for canceled jobs to end, or for jobs to reach the cluster. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private static final String WAS_CLOSED = "the engine was closed";

    private final EngineSettings settings;
    private final NodeProcess node;
    /** What was told to the client's actor of jobs that run: told again to the next one, after the cluster was lost. */
    private final Map<JobTracker<?, ?>, ClientProtocol.Command> asked = new HashMap<>();

    private ActorRef<ClientProtocol.Command> client;
    private final JobHome home;
    private final CodecRegistry codecs = Codecs.registry();
    /** The jobs whose making this engine holds for their attempts. */
    private final Set<JobId> submitted = ConcurrentHashMap.newKeySet();

    private final Set<JobTracker<?, ?>> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** What an engine's place means for its jobs. */
    interface JobHome {
        /**
         * Takes a job before it is submitted: what it is made of gets to its attempts from here.
         *
         * @return lets go of it when the job is over
         */
        Runnable take(JobId job, JobPackager packed);

        /** Returns where the result of a job goes that collects. */
        <K, V> CollectedSink<K, V> collected(JobId job, JobSpec<K, V> spec, CodecRegistry codecs);

        /** Returns what opens the parts of a result that is in no output directory; null when it is in one. */
        CommittedResult.@Nullable PartSource parts(JobId job, ClientProtocol.JobSucceeded end);

        /** Lets go of a collected result that its submitter has closed. */
        void release(JobId job);

        /** Returns whether jobs go on when this engine is closed. */
        boolean outlivesEngine();
    }

    /** Wraps a node that runs. */
    EngineRuntime(EngineSettings settings, NodeProcess node, ActorRef<ClientProtocol.Command> client, JobHome home) {
        this.settings = settings;
        this.node = node;
        this.client = client;
        this.home = home;
        node.ended().whenComplete((done, failure) -> abandonAll());
    }

    /** Nobody else ends the jobs of an engine whose actors have ended, by its closing or without it. */
    private void abandonAll() {
        ended.set(true);
        String why = closed.get() ? WAS_CLOSED : "the engine's actors ended by themselves";
        for (JobTracker<?, ?> job : List.copyOf(running)) {
            if (home.outlivesEngine()) {
                job.detach(why);
            } else {
                job.abandon(why);
            }
        }
    }

    /**
     * Starts an engine in this JVM.
     *
     * @param overrides keys under the root {@code sampo}
     * @throws SampoException of {@link ErrorCode#CONFIG_INVALID} with all that is wrong with the settings
     */
    public static EngineRuntime local(Config overrides) {
        return NodeProcess.local(overrides);
    }

    /**
     * Joins a cluster as a member that submits jobs.
     *
     * @param overrides keys under the root {@code sampo}; {@code sampo.cluster.seeds} names whom to join
     */
    public static EngineRuntime join(Config overrides) {
        return NodeProcess.member(overrides);
    }

    /**
     * Prepares to submit to a cluster over HTTP; starts no actors, and connects to nobody yet.
     *
     * @param seeds the addresses of its seeds' HTTP API
     * @param overrides keys under the root {@code sampo}
     */
    public static JobService connect(List<URI> seeds, Config overrides) {
        EngineSettings known = NodeProcess.settings(overrides);
        return new HttpJobs(
                new SeedUris(seeds),
                known,
                Codecs.registry(),
                new HttpJobs.Sources(
                        EngineRuntime::newId, System::nanoTime, new OutputHere(known, InstantSource.system())));
    }

    /** Prepares to ask a cluster over HTTP what it does; as {@link #connect}. */
    public static SeedApi api(List<URI> seeds, Config overrides) {
        return new SeedApi(new SeedUris(seeds), NodeProcess.settings(overrides).client());
    }

    private static JobId newId() {
        return new JobId("job-" + UUID.randomUUID());
    }

    /** Returns the settings in force. */
    public EngineSettings settings() {
        return settings;
    }

    @Override
    public <K, V> JobHandle<K, V> submit(JobSpec<K, V> spec) {
        return submit(newId(), spec);
    }

    @Override
    public <K, V> JobHandle<K, V> submit(String id, JobSpec<K, V> spec) {
        return submit(JobService.givenId(id), spec);
    }

    private <K, V> JobHandle<K, V> submit(JobId job, JobSpec<K, V> spec) {
        refuseWhenClosed("job " + spec.name());
        OutputSink<? super K, ? super V> sink = spec.sink();
        if (sink == null) {
            return submitCollected(job, spec);
        }
        return spec.options().outputAtSubmitter() && home.outlivesEngine()
                ? submitToHere(job, spec, sink)
                : submit(job, spec, sink, null, CommittedResult::written);
    }

    private <K, V> JobHandle<K, V> submitToHere(JobId job, JobSpec<K, V> spec, OutputSink<? super K, ? super V> sink) {
        SubmitterOutput.Claimed here = new OutputHere(settings, InstantSource.system()).claim(job, spec, sink);
        try {
            return submit(job, spec, new HeldSink<>(sink), here::giveUp, end -> here.commit(end, partsOf(end)));
        } catch (RuntimeException | Error e) {
            here.giveUp();
            throw e;
        }
    }

    private CommittedResult.PartSource partsOf(ClientProtocol.JobSucceeded end) {
        CommittedResult.PartSource parts = home.parts(end.job(), end);
        if (parts == null) {
            throw new SampoException(
                    ErrorCode.INTERNAL,
                    "job " + end.job() + " succeeded and no seed holds its result; expected one that does");
        }
        return parts;
    }

    private <K, V> JobHandle<K, V> submitCollected(JobId job, JobSpec<K, V> spec) {
        CollectedSink<K, V> sink = home.collected(job, spec, codecs);
        return submit(job, spec, sink, null, end -> result(end, sink.keys(), sink.values(), () -> home.release(job)));
    }

    private <K, V> JobHandle<K, V> submit(
            JobId job,
            JobSpec<K, V> spec,
            OutputSink<? super K, ? super V> sink,
            @Nullable Runnable onFailure,
            Function<ClientProtocol.JobSucceeded, JobResult<K, V>> results) {
        JobPackager packed = home.outlivesEngine()
                ? JobPackager.packToShip(spec, sink, settings, codecs)
                : JobPackager.pack(spec, sink, settings, codecs);
        boolean first = submitted.add(job);
        Runnable letGo = () -> packed.shipment().close();
        if (first) {
            try {
                letGo = home.take(job, packed);
            } catch (RuntimeException | Error e) {
                submitted.remove(job);
                throw e;
            }
        }
        Runnable end = letGo;
        JobTracker<K, V> tracker = tracker(job, "canceled by its submitter", results);
        if (onFailure != null) {
            tracker.endSlowly(onFailure);
        }
        tracker.onEnd(() -> {
            forget(tracker);
            end.run();
            if (first) {
                submitted.remove(job);
            }
        });
        ask(tracker, new ClusterClient.Submit(tracker, packed));
        return orAbandoned(tracker);
    }

    @Override
    public <K, V> JobHandle<K, V> job(String id, DataType<K> keys, DataType<V> values) {
        JobId job = JobService.givenId(id);
        refuseWhenClosed("job " + id);
        Codec<K> keyCodec = keys.valueCodec(codecs);
        Codec<V> valueCodec = values.valueCodec(codecs);
        JobTracker<K, V> tracker = tracker(
                job,
                "canceled by somebody who follows it",
                // it belongs to the submitter, who lets go of it
                end -> result(end, keyCodec, valueCodec, () -> {}));
        ask(tracker, new ClusterClient.Follow(tracker));
        return orAbandoned(tracker);
    }

    private <K, V> JobResult<K, V> result(
            ClientProtocol.JobSucceeded end, Codec<K> keys, Codec<V> values, Runnable release) {
        CommittedResult.PartSource parts = home.parts(end.job(), end);
        return parts == null
                ? CommittedResult.written(end)
                : CommittedResult.collected(end, parts, keys, values, release);
    }

    private void ask(JobTracker<?, ?> tracker, ClientProtocol.Command command) {
        synchronized (asked) {
            asked.put(tracker, command);
            client.tell(command);
        }
        if (!running.contains(tracker)) {
            forget(tracker); // it has ended already
        }
    }

    private void tell(ClientProtocol.Command command) {
        synchronized (asked) {
            client.tell(command);
        }
    }

    private void forget(JobTracker<?, ?> tracker) {
        running.remove(tracker);
        synchronized (asked) {
            asked.remove(tracker);
        }
    }

    /** The member has joined anew, with another actor: it asks for all jobs again. */
    void useClient(ActorRef<ClientProtocol.Command> next) {
        synchronized (asked) {
            client = next;
            asked.values().forEach(next::tell);
        }
    }

    private void refuseWhenClosed(String what) {
        if (closed.get() || ended.get()) {
            throw new SampoException(ErrorCode.ENGINE_CLOSED, what + ": the engine is closed; expected an open one");
        }
    }

    private <K, V> JobTracker<K, V> tracker(
            JobId job, String reason, Function<ClientProtocol.JobSucceeded, JobResult<K, V>> results) {
        JobTracker<K, V> tracker = new JobTracker<>(job, () -> tell(new ClusterClient.Cancel(job, reason)), results);
        tracker.onEnd(() -> forget(tracker));
        running.add(tracker);
        return tracker;
    }

    private <K, V> JobTracker<K, V> orAbandoned(JobTracker<K, V> tracker) {
        if (ended.get()) {
            tracker.abandon(WAS_CLOSED); // closed in the meantime: nobody else would end it
        }
        return tracker;
    }

    /**
     * Ends the engine. Returns when its threads have ended and its files are gone. A second call does nothing.
     *
     * @param mode what becomes of the jobs that run
     */
    @Override
    public void close(StopMode mode) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean detach = mode == StopMode.DETACH && home.outlivesEngine();
        List<JobTracker<?, ?>> jobs = List.copyOf(running);
        if (mode != StopMode.DRAIN && !detach) {
            jobs.forEach(JobTracker::cancel);
        }
        long limit = mode == StopMode.DRAIN ? Long.MAX_VALUE / 2 : STOP_LIMIT.toNanos();
        long deadline = System.nanoTime() + limit;
        boolean interrupted = false;
        for (JobTracker<?, ?> job : jobs) {
            try {
                long left = deadline - System.nanoTime();
                if (!(detach
                        ? job.awaitAccepted(left, TimeUnit.NANOSECONDS)
                        : job.awaitEnd(left, TimeUnit.NANOSECONDS))) {
                    LOG.warn("job {} did not {} within {}", job.id(), detach ? "reach the cluster" : "end", STOP_LIMIT);
                }
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        node.close();
        abandonAll();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(home.outlivesEngine() ? StopMode.DETACH : StopMode.CANCEL);
    }
}
