package dev.sampo.internal.execute;

import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.blob.DefinitionBlob;
import dev.sampo.internal.fault.FailureClassifier;
import dev.sampo.internal.fault.FailureOrigin;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Gets the blobs of jobs to this node before their first attempt: asks the coordinator of the job whose turn it is, copies
 * each blob from the node it is told, and gives it on from then. Child of the {@link NodeAgent}.
 */
final class BlobFetcher extends AbstractBehavior<BlobFetcher.Command> {
    /** How often a wish is repeated. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    /** After so many holders could not give a blob, the attempts go elsewhere. */
    private static final int MOST_MISSES = 5;

    private final TimerScheduler<Command> timers;
    private final NodeServices services;
    private final BlobTransfer blobs;
    private final ActorRef<NodeProtocol.Wire> agent;
    private final ActorRef<Gathered> reports;
    private final Map<JobId, Gathering> jobs = new HashMap<>();

    private BlobFetcher(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            NodeServices services,
            ActorRef<NodeProtocol.Wire> agent,
            ActorRef<Gathered> reports) {
        super(context);
        this.timers = timers;
        this.services = services;
        this.blobs = services.blobs();
        this.agent = agent;
        this.reports = reports;
    }

    /** What the fetcher accepts; all of it local. */
    sealed interface Command {}

    /** Get all blobs of a job. Answered by {@link Gathered}, once, unless the job is dropped. */
    record Gather(CoordinatorEpoch epoch, JobId job, JobDefinition definition, ActorRef<TaskProtocol.Wire> coordinator)
            implements Command {}

    /** It is the node's turn. */
    record TakeFrom(NodeProtocol.BlobFrom turn) implements Command {}

    /** The job has ended. */
    record Drop(JobId job) implements Command {}

    private record Fetched(
            JobId job,
            BlobRef blob,
            DataAddress holder,
            @Nullable Throwable failure) implements Command {}

    private record Opened(
            JobId job, JobDefinition whole, @Nullable Throwable failure) implements Command {}

    private enum AskAgain implements Command {
        INSTANCE
    }

    /**
     * The blobs of a job are here, or one cannot be had.
     *
     * @param definition its definition, with what travelled as a blob in its place
     * @param failure what is wrong, or null
     */
    record Gathered(
            JobId job, JobDefinition definition, @Nullable FailureReport failure) {}

    /** A job some of whose blobs are still missing. */
    private static final class Gathering {
        final Gather order;
        final Map<String, BlobRef> missing = new LinkedHashMap<>();
        final Map<String, DataAddress> underWay = new HashMap<>();
        int misses;

        Gathering(Gather order) {
            this.order = order;
        }
    }

    static Behavior<Command> create(
            NodeServices services, ActorRef<NodeProtocol.Wire> agent, ActorRef<Gathered> reports) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new BlobFetcher(context, timers, services, agent, reports)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Gather.class, this::onGather)
                .onMessage(TakeFrom.class, this::onTakeFrom)
                .onMessage(Fetched.class, this::onFetched)
                .onMessage(Opened.class, this::onOpened)
                .onMessage(Drop.class, this::onDrop)
                .onMessage(AskAgain.class, this::onAskAgain)
                .build();
    }

    private Behavior<Command> onGather(Gather order) {
        Gathering job = new Gathering(order);
        jobs.put(order.job, job);
        List<BlobRef> missing = blobs.store().retain(order.job, order.definition.blobs());
        missing.forEach(blob -> job.missing.put(blob.digest(), blob));
        for (BlobRef blob : order.definition.blobs()) {
            if (!job.missing.containsKey(blob.digest())) {
                tellHeld(job, blob.digest());
            }
        }
        job.missing.keySet().forEach(digest -> ask(job, digest));
        timers.startTimerWithFixedDelay(AskAgain.INSTANCE, ASK_AGAIN);
        endWhenComplete(job);
        return this;
    }

    private void ask(Gathering job, String digest) {
        job.order.coordinator.tell(
                new TaskProtocol.BlobWanted(job.order.epoch, job.order.job, digest, blobs.address(), agent));
    }

    private void tellHeld(Gathering job, String digest) {
        if (!blobs.address().equals(DataAddress.NONE)) {
            job.order.coordinator.tell(
                    new TaskProtocol.BlobHeld(job.order.epoch, job.order.job, digest, blobs.address()));
        }
    }

    private Behavior<Command> onAskAgain(AskAgain tick) {
        for (Gathering job : jobs.values()) {
            job.missing.keySet().stream()
                    .filter(digest -> !job.underWay.containsKey(digest))
                    .forEach(digest -> ask(job, digest));
        }
        if (jobs.isEmpty()) {
            timers.cancel(AskAgain.INSTANCE);
        }
        return this;
    }

    private Behavior<Command> onTakeFrom(TakeFrom message) {
        NodeProtocol.BlobFrom turn = message.turn;
        Gathering job = jobs.get(turn.job());
        BlobRef blob = job == null ? null : job.missing.get(turn.digest());
        if (job == null || blob == null || job.underWay.putIfAbsent(turn.digest(), turn.holder()) != null) {
            return this;
        }
        getContext()
                .pipeToSelf(
                        CompletableFuture.runAsync(() -> blobs.fetch(turn.job(), blob, turn.holder()), blobs.threads()),
                        (done, failure) -> new Fetched(turn.job(), blob, turn.holder(), failure));
        return this;
    }

    private Behavior<Command> onFetched(Fetched fetched) {
        Gathering job = jobs.get(fetched.job);
        if (job == null) {
            blobs.store().release(fetched.job); // it ended in the meantime
            return this;
        }
        String digest = fetched.blob.digest();
        job.underWay.remove(digest);
        if (fetched.failure == null) {
            job.missing.remove(digest);
            tellHeld(job, digest);
            endWhenComplete(job);
            return this;
        }
        Throwable failure = unwrapped(fetched.failure);
        String reason = String.valueOf(failure.getMessage());
        job.order.coordinator.tell(new TaskProtocol.BlobMissed(
                job.order.epoch, job.order.job, digest, blobs.address(), fetched.holder, reason));
        job.misses++;
        boolean holdersFault = failure instanceof SampoException known && known.code() == ErrorCode.FETCH_FAILED;
        if (!holdersFault) {
            end(job, job.order.definition, FailureClassifier.classify(failure, FailureOrigin.engine()));
        } else if (job.misses >= MOST_MISSES) {
            end(
                    job,
                    job.order.definition,
                    FailureReport.of(
                            FailureKind.NODE,
                            ErrorCode.NODE_LOST,
                            "no holder could give it what the job needs, " + job.misses + " times; the last time: "
                                    + reason));
        }
        return this;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private void endWhenComplete(Gathering job) {
        if (!job.missing.isEmpty()) {
            return;
        }
        JobId id = job.order.job;
        JobDefinition definition = job.order.definition;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> opened(id, definition), blobs.threads()),
                        (whole, failure) -> new Opened(id, whole == null ? definition : whole, failure));
    }

    private JobDefinition opened(JobId job, JobDefinition definition) {
        JobDefinition whole = DefinitionBlob.whole(definition, blobs.store());
        JobJars jars = new JobJars(services.settings().ship().maxExpandedBytes());
        services.loaders().open(job, jars.of(definition.blobs(), blobs.store()));
        return whole;
    }

    private Behavior<Command> onOpened(Opened opened) {
        Gathering job = jobs.get(opened.job);
        if (job == null) {
            services.loaders().forget(opened.job); // it ended in the meantime
        } else if (opened.failure == null) {
            end(job, opened.whole, null);
        } else {
            end(job, opened.whole, FailureClassifier.classify(unwrapped(opened.failure), FailureOrigin.engine()));
        }
        return this;
    }

    private void end(Gathering job, JobDefinition definition, @Nullable FailureReport failure) {
        jobs.remove(job.order.job);
        reports.tell(new Gathered(job.order.job, definition, failure));
    }

    private Behavior<Command> onDrop(Drop drop) {
        jobs.remove(drop.job);
        return this;
    }
}
