package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.StopMode;
import dev.sampo.internal.client.ClusterClient;
import dev.sampo.internal.client.CollectedSink;
import dev.sampo.internal.client.CommittedResult;
import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.client.JobTracker;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.io.Codecs;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A running engine that jobs can be submitted to: one in this JVM alone, or a member of a cluster. Safe for many threads.
 */
public final class EngineRuntime implements AutoCloseable {
    /** How long close waits for canceled jobs to end. */
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(20);

    private static final String WAS_CLOSED = "the engine was closed";

    private final EngineSettings settings;
    private final NodeProcess node;
    private final ActorRef<ClientProtocol.Command> client;
    private final BiConsumer<JobId, List<ClassLoader>> loaders;
    private final Function<JobId, Path> collected;
    private final CodecRegistry codecs = Codecs.registry();
    private final Map<JobId, JobTracker<?, ?>> running = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * Wraps a node that runs.
     *
     * @param loaders is told the class loaders of each job, where attempts run in this JVM; does nothing elsewhere
     * @param collected names the directory of a collected result
     */
    EngineRuntime(
            EngineSettings settings,
            NodeProcess node,
            ActorRef<ClientProtocol.Command> client,
            BiConsumer<JobId, List<ClassLoader>> loaders,
            Function<JobId, Path> collected) {
        this.settings = settings;
        this.node = node;
        this.client = client;
        this.loaders = loaders;
        this.collected = collected;
        node.ended().whenComplete((done, failure) -> abandonAll());
    }

    /** Nobody else ends the jobs of an engine whose actors have ended, by its closing or without it. */
    private void abandonAll() {
        ended.set(true);
        List.copyOf(running.values())
                .forEach(job -> job.abandon(closed.get() ? WAS_CLOSED : "the engine's actors ended by themselves"));
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

    /** Returns the settings in force. */
    public EngineSettings settings() {
        return settings;
    }

    /**
     * Submits a job.
     *
     * @throws SampoException when the job cannot be packed, or the engine is closed
     */
    public <K, V> JobHandle<K, V> submit(JobSpec<K, V> spec) {
        if (closed.get() || ended.get()) {
            throw new SampoException(
                    ErrorCode.ENGINE_CLOSED, "job " + spec.name() + ": the engine is closed; expected an open one");
        }
        JobId job = new JobId("job-" + UUID.randomUUID());
        OutputSink<? super K, ? super V> sink = spec.sink();
        return sink == null ? submitCollected(job, spec) : submit(job, spec, sink, CommittedResult::written);
    }

    private <K, V> JobHandle<K, V> submitCollected(JobId job, JobSpec<K, V> spec) {
        @SuppressWarnings("unchecked") // the last stage of a JobSpec<K, V> emits K and V
        JobSpec.Stage<?, ?, K, V> last =
                (JobSpec.Stage<?, ?, K, V>) spec.stages().get(spec.stages().size() - 1);
        Path directory = collected.apply(job);
        CollectedSink<K, V> sink = new CollectedSink<>(
                directory,
                last.resultKeyType().valueCodec(codecs),
                last.resultValueType().valueCodec(codecs));
        return submit(
                job,
                spec,
                sink,
                end -> CommittedResult.collected(end, directory, sink, () -> NodeResources.delete(directory)));
    }

    private <K, V> JobHandle<K, V> submit(
            JobId job,
            JobSpec<K, V> spec,
            OutputSink<? super K, ? super V> sink,
            Function<ClientProtocol.JobSucceeded, JobResult<K, V>> results) {
        JobPackager packed = JobPackager.pack(spec, sink, settings, codecs);
        loaders.accept(job, packed.loaders());
        JobTracker<K, V> tracker = new JobTracker<>(
                job, () -> client.tell(new ClusterClient.Cancel(job, "canceled by its submitter")), results);
        running.put(job, tracker);
        tracker.onEnd(() -> running.remove(job));
        client.tell(new ClusterClient.Submit(tracker, packed));
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
    public void close(StopMode mode) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = false;
        List<JobTracker<?, ?>> jobs = List.copyOf(running.values());
        if (mode == StopMode.CANCEL) {
            jobs.forEach(JobTracker::cancel);
        }
        long limit = mode == StopMode.CANCEL ? CANCEL_LIMIT.toNanos() : Long.MAX_VALUE;
        long deadline = System.nanoTime() + Math.min(limit, Long.MAX_VALUE / 2);
        for (JobTracker<?, ?> job : jobs) {
            try {
                job.awaitEnd(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
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
        close(StopMode.CANCEL);
    }
}
