package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.NodeProtocol.AdoptOutput;
import dev.sampo.internal.protocol.NodeProtocol.CancelAttempt;
import dev.sampo.internal.protocol.NodeProtocol.CommitDenied;
import dev.sampo.internal.protocol.NodeProtocol.CommitGranted;
import dev.sampo.internal.protocol.NodeProtocol.DiscardOutput;
import dev.sampo.internal.protocol.NodeProtocol.DrainNode;
import dev.sampo.internal.protocol.NodeProtocol.ForgetJob;
import dev.sampo.internal.protocol.NodeProtocol.JobDefined;
import dev.sampo.internal.protocol.NodeProtocol.Launch;
import dev.sampo.internal.protocol.NodeProtocol.LaunchMapAttempts;
import dev.sampo.internal.protocol.NodeProtocol.LeasesRenewed;
import dev.sampo.internal.protocol.NodeProtocol.NodeDrained;
import dev.sampo.internal.protocol.NodeProtocol.NodeRefused;
import dev.sampo.internal.protocol.NodeProtocol.NodeRegistered;
import dev.sampo.internal.protocol.NodeProtocol.ProbeOutput;
import dev.sampo.internal.protocol.TaskProtocol;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The agent of a worker node (YARN's NodeManager): offers the node's slots to the cluster coordinator, runs attempts as
 * its children, and reports how each ended. It supervises them by stopping: an attempt that failed is never restarted
 * here, for the next attempt is the job coordinator's decision. Phases: joining → active.
 */
public final class NodeAgent {
    /** How long a report may wait for others that nobody waits for: less than the coordinator would notice. */
    private static final Duration REPORT_DELAY = Duration.ofMillis(5);

    private static final String UNREGISTERED = "is not yet registered";

    /** Attempts that wait longer for the one before them are handed back, at the latest after twice this time. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final ActorContext<NodeProtocol.Command> context;
    private final TimerScheduler<NodeProtocol.Command> timers;
    private final NodeFacts facts;
    private final NodeServices services;
    private final Runnable leave;
    private final BiConsumer<NodeFacts, DataAddress> registered;
    private final NodeStanding standing;
    private final NodeChores chores;
    private final RunningAttempts attempts;
    private final JobsOnNode jobs;
    private final ReportDesk desk;
    private final ActorRef<BlobFetcher.Command> blobs;
    private final NodeDrain drain;
    private final LaunchIntake launches;

    private NodeAgent(
            ActorContext<NodeProtocol.Command> context,
            TimerScheduler<NodeProtocol.Command> timers,
            NodeFacts facts,
            NodeServices services,
            ActorRef<ClusterProtocol.Wire> coordinator,
            BooleanSupplier member,
            Runnable leave,
            BiConsumer<NodeFacts, DataAddress> registered) {
        this.leave = leave;
        this.context = context;
        this.timers = timers;
        this.facts = facts;
        this.services = services;
        this.registered = registered;
        this.standing = new NodeStanding(
                facts, services, coordinator, member, timers, context.getSelf().narrow());
        this.chores = new NodeChores(
                facts.id(), services, context.getSystem().dispatchers().lookup(DispatcherSelector.blocking()));
        this.desk = new ReportDesk(facts.id(), this::remindToReport);
        this.attempts = new RunningAttempts(
                context, facts, services, context.messageAdapter(AttemptRunner.Report.class, Reported::new), desk);
        this.drain = new NodeDrain(facts, coordinator);
        this.jobs = new JobsOnNode(services.loaders(), services.blobs().store());
        this.blobs = context.spawn(
                BlobFetcher.create(
                        services,
                        context.getSelf().narrow(),
                        context.messageAdapter(BlobFetcher.Gathered.class, BlobsGathered::new)),
                "blobs");
        context.watch(blobs);
        this.launches =
                new LaunchIntake(context, facts, services, standing, drain::hasBegun, jobs, attempts, desk, blobs);
    }

    private sealed interface Internal extends NodeProtocol.Command {}

    private enum Due implements Internal {
        /** What has been collected to report has waited for long enough. */
        REPORTS,
        /** It may be time to hand back attempts that wait for a slot. */
        PATIENCE
    }

    private record Adopted(AdoptOutput order, @Nullable Throwable failure) implements Internal {}

    /**
     * Take no new attempts, let what runs end, have what is held moved, then take leave of the coordinator.
     *
     * @param done runs once nobody needs the node any more, or the time is over
     */
    public record Drain(Runnable done) implements NodeProtocol.Command {}

    private record Reported(AttemptRunner.Report report) implements Internal {}

    private record BlobsGathered(BlobFetcher.Gathered result) implements Internal {}

    private record CleanedUp(JobId job, @Nullable Throwable failure) implements Internal {}

    /**
     * Creates the agent of a node.
     *
     * @param lives what the node says of itself; called at every start of the agent, for each is a new life with an id of
     *     its own
     * @param services what the attempts of the node share
     * @param coordinator the cluster coordinator, or a proxy of it
     * @param member whether the node is a member of the cluster by now: before, a coordinator may take it for the life before
     *     at its address, and lose it with that
     * @param leave makes the whole node leave, when the cluster asks for that
     * @param registered is told the life that a coordinator knows, and the data port of that coordinator's node
     */
    public static Behavior<NodeProtocol.Command> create(
            Supplier<NodeFacts> lives,
            NodeServices services,
            ActorRef<ClusterProtocol.Wire> coordinator,
            BooleanSupplier member,
            Runnable leave,
            BiConsumer<NodeFacts, DataAddress> registered) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new NodeAgent(context, timers, lives.get(), services, coordinator, member, leave, registered)
                        .joining()));
    }

    private Behavior<NodeProtocol.Command> joining() {
        standing.begin();
        return Behaviors.receive(NodeProtocol.Command.class)
                .onMessage(NodeStanding.Reminder.class, this::onReminder)
                .onMessage(NodeRegistered.class, this::onRegistered)
                .onMessage(NodeRefused.class, this::onRefused)
                .onMessage(Launch.class, launch -> handled(() -> launches.refuse(launch, UNREGISTERED)))
                .onMessage(
                        LaunchMapAttempts.class,
                        several -> handled(() -> several.each().forEach(each -> launches.refuse(each, UNREGISTERED))))
                .onMessage(Drain.class, leave -> {
                    leave.done.run();
                    return Behaviors.same();
                })
                .build();
    }

    private Behavior<NodeProtocol.Command> active() {
        return Behaviors.receive(NodeProtocol.Command.class)
                .onMessage(NodeRegistered.class, this::onRegistered)
                .onMessage(NodeRefused.class, this::onRefused)
                .onMessage(Launch.class, launch -> handled(() -> launches.launch(launch)))
                .onMessage(LaunchMapAttempts.class, this::onLaunchMapAttempts)
                .onMessage(Due.class, this::onDue)
                .onMessage(JobDefined.class, defined -> handled(() -> launches.defined(defined)))
                .onMessage(ProbeOutput.class, this::onProbeOutput)
                .onMessage(NodeProtocol.BlobFrom.class, this::onBlobFrom)
                .onMessage(BlobsGathered.class, gathered -> handled(() -> launches.gathered(gathered.result)))
                .onMessage(CancelAttempt.class, cancel -> handled(() -> launches.cancel(cancel)))
                .onMessage(CommitGranted.class, this::onCommitGranted)
                .onMessage(CommitDenied.class, this::onCommitDenied)
                .onMessage(DiscardOutput.class, this::onDiscardOutput)
                .onMessage(ForgetJob.class, this::onForgetJob)
                .onMessage(Reported.class, this::onReported)
                .onMessage(CleanedUp.class, this::onCleanedUp)
                .onMessage(NodeStanding.Reminder.class, this::onReminder)
                .onMessage(LeasesRenewed.class, this::onLeasesRenewed)
                .onMessage(AdoptOutput.class, this::onAdoptOutput)
                .onMessage(Adopted.class, this::onAdopted)
                .onMessage(Drain.class, this::onDrain)
                .onMessage(NodeDrain.Step.class, this::onDrainStep)
                .onMessage(DrainNode.class, this::onDrainNode)
                .onMessage(NodeDrained.class, this::onNodeDrained)
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, terminated -> Behaviors.same())
                .build();
    }

    private static Behavior<NodeProtocol.Command> handled(Runnable handler) {
        handler.run();
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onReminder(NodeStanding.Reminder reminder) {
        switch (reminder) {
            case REGISTER -> {
                if (!drain.hasBegun()) {
                    standing.remind();
                }
            }
            case BEAT -> beat();
            case LEASE_OVER -> {
                // Nobody waits for what runs here: it has been started elsewhere by now, or will be.
                attempts.cancelAll("node " + facts.id() + " has not heard of the coordinator for " + standing.lease());
                standing.renewed();
            }
        }
        return Behaviors.same();
    }

    private void beat() {
        List<AttemptId> alive = attempts.alive();
        alive.addAll(jobs.gatheringAttempts());
        standing.beat(alive, attempts.progress(), attempts.lostSlots());
    }

    private Behavior<NodeProtocol.Command> onRegistered(NodeRegistered message) {
        if (standing.isStale(message.epoch())) {
            return Behaviors.same();
        }
        chores.discard(message.forget());
        if (!standing.answered(message.epoch())) {
            return Behaviors.same();
        }
        registered.accept(facts, message.data());
        jobs.newReign();
        launches.newReign();
        chores.handBackClaims();
        // What runs for the reign before nobody waits for any more.
        attempts.cancelAll("another coordinator took over");
        return active();
    }

    private Behavior<NodeProtocol.Command> onLeasesRenewed(LeasesRenewed renewed) {
        if (!standing.isStale(renewed.epoch())) {
            standing.renewed();
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onDrain(Drain leave) {
        drain.begin(
                leave.done,
                services.settings().drainTimeout(),
                timers,
                context.getSelf().narrow());
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onDrainStep(NodeDrain.Step step) {
        switch (step) {
            case ASK_AGAIN -> drain.ask(context.getSelf().narrow());
            case HAND_BACK -> attempts.cancelAll("node " + facts.id() + " leaves");
            case END -> drain.end(timers);
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onDrainNode(DrainNode order) {
        if (!standing.isStale(order.epoch())) {
            leave.run();
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onNodeDrained(NodeDrained drained) {
        if (!standing.isStale(drained.epoch())) {
            drain.end(timers);
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onAdoptOutput(AdoptOutput order) {
        if (standing.isStale(order.epoch())) {
            return Behaviors.same();
        }
        context.pipeToSelf(chores.adopt(order), (done, failure) -> new Adopted(order, failure));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onAdopted(Adopted adopted) {
        AttemptId producer = adopted.order.producer();
        if (jobs.isForgotten(producer.task().job())) {
            chores.discard(producer);
        }
        adopted.order
                .replyTo()
                .tell(new TaskProtocol.OutputAdopted(
                        adopted.order.epoch(),
                        producer,
                        facts.id(),
                        adopted.failure == null ? "" : String.valueOf(adopted.failure)));
        return Behaviors.same();
    }

    /** A node that cannot take part ends, so that its operator learns of it. */
    private Behavior<NodeProtocol.Command> onRefused(NodeRefused refused) {
        CoordinatedShutdown.get(context.getSystem()).run(new NodeRefusal(refused.reason()));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onLaunchMapAttempts(LaunchMapAttempts several) {
        several.each().forEach(launches::launch);
        if (attempts.hasWaiting() && !timers.isTimerActive(Due.PATIENCE)) {
            timers.startSingleTimer(Due.PATIENCE, PATIENCE);
        }
        return Behaviors.same();
    }

    private void remindToReport() {
        if (!timers.isTimerActive(Due.REPORTS)) {
            timers.startSingleTimer(Due.REPORTS, REPORT_DELAY);
        }
    }

    private Behavior<NodeProtocol.Command> onDue(Due due) {
        switch (due) {
            case REPORTS -> desk.flush();
            case PATIENCE -> {
                attempts.handBackImpatient();
                if (attempts.hasWaiting()) {
                    timers.startSingleTimer(Due.PATIENCE, PATIENCE);
                }
            }
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onBlobFrom(NodeProtocol.BlobFrom turn) {
        blobs.tell(new BlobFetcher.TakeFrom(turn));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onProbeOutput(ProbeOutput probe) {
        chores.probe(probe);
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onCommitGranted(CommitGranted granted) {
        attempts.tell(granted.attempt(), AttemptRunner.Grant.INSTANCE);
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onCommitDenied(CommitDenied denied) {
        attempts.tell(denied.attempt(), new AttemptRunner.Deny(denied.reason()));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onDiscardOutput(DiscardOutput discard) {
        chores.discard(discard.attempt());
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onReported(Reported reported) {
        attempts.on(reported.report).ifPresent(this::ended);
        if (reported.report instanceof AttemptRunner.ThreadBack) {
            beat(); // the slot is there again
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onChildFailed(ChildFailed failed) {
        if (failed.getRef().path().equals(blobs.path())) {
            throw new IllegalStateException("the fetcher of blobs failed", failed.getCause()); // a new life begins
        }
        attempts.failed(failed).ifPresent(this::ended);
        return Behaviors.same();
    }

    private void ended(AttemptId attempt) {
        JobId job = attempt.task().job();
        if (jobs.isForgotten(job)) {
            cleanUpWhenIdle(job);
        }
    }

    private Behavior<NodeProtocol.Command> onForgetJob(ForgetJob forget) {
        jobs.forget(forget.job(), forget.replyTo(), forget.epoch());
        blobs.tell(new BlobFetcher.Drop(forget.job()));
        attempts.cancel(forget.job(), "job " + forget.job() + " has ended");
        cleanUpWhenIdle(forget.job());
        return Behaviors.same();
    }

    private void cleanUpWhenIdle(JobId job) {
        if (!attempts.isBusyWith(job)) {
            context.pipeToSelf(chores.cleanUp(job), (done, failure) -> new CleanedUp(job, failure));
        }
    }

    private Behavior<NodeProtocol.Command> onCleanedUp(CleanedUp cleaned) {
        if (cleaned.failure != null) {
            context.getLog().warn("{}: not everything of the job could be deleted", cleaned.job, cleaned.failure);
        }
        jobs.forgotten(cleaned.job, facts.id());
        return Behaviors.same();
    }
}
