package dev.sampo.internal.execute;

import dev.sampo.internal.execute.JobsOnNode.JobOnNode;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.output.OutputCommitter;
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
import dev.sampo.internal.protocol.NodeProtocol.LeasesRenewed;
import dev.sampo.internal.protocol.NodeProtocol.NodeDrained;
import dev.sampo.internal.protocol.NodeProtocol.NodeRefused;
import dev.sampo.internal.protocol.NodeProtocol.NodeRegistered;
import dev.sampo.internal.protocol.NodeProtocol.Order;
import dev.sampo.internal.protocol.NodeProtocol.ProbeOutput;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.spi.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
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
    private static final Duration REGISTER_RETRY = Duration.ofSeconds(1);

    /** A registered node says again at every fifth tick that it is there; at every tick while nobody answers. */
    private static final int TICKS_ANSWERED = 5;

    /** How often in the time of a lease the node says what it runs: several may get lost. */
    private static final int BEATS_PER_LEASE = 6;

    private final ActorContext<NodeProtocol.Command> context;
    private final TimerScheduler<NodeProtocol.Command> timers;
    private final NodeFacts facts;
    private final NodeServices services;
    private final ActorRef<ClusterProtocol.Wire> coordinator;
    private final BooleanSupplier member;
    private final Runnable leave;
    private final BiConsumer<NodeFacts, DataAddress> registered;
    private final ActorRef<AttemptRunner.Report> reports;
    private final Executor blocking;
    private final JobsOnNode jobs;
    private final ActorRef<BlobFetcher.Command> blobs;
    private final Map<AttemptId, Running> running = new HashMap<>();
    private final Set<AttemptId> committing = new HashSet<>();
    /** Outputs that were made for an earlier coordinator; an attempt of the same name is another one now. */
    private final Set<AttemptId> formerOutputs = new HashSet<>();

    private int unanswered;
    private int ticks;
    private CoordinatorEpoch epoch = new CoordinatorEpoch(0);
    private final Set<AttemptId> stuck = new HashSet<>();
    private final NodeDrain drain;

    private NodeAgent(
            ActorContext<NodeProtocol.Command> context,
            TimerScheduler<NodeProtocol.Command> timers,
            NodeFacts facts,
            NodeServices services,
            ActorRef<ClusterProtocol.Wire> coordinator,
            BooleanSupplier member,
            Runnable leave,
            BiConsumer<NodeFacts, DataAddress> registered) {
        this.member = member;
        this.leave = leave;
        this.context = context;
        this.timers = timers;
        this.facts = facts;
        this.services = services;
        this.coordinator = coordinator;
        this.registered = registered;
        this.reports = context.messageAdapter(AttemptRunner.Report.class, Reported::new);
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        this.drain = new NodeDrain(facts, coordinator);
        this.jobs = new JobsOnNode(services.loaders(), services.blobs().store());
        this.blobs = context.spawn(
                BlobFetcher.create(
                        services,
                        context.getSelf().narrow(),
                        context.messageAdapter(BlobFetcher.Gathered.class, BlobsGathered::new)),
                "blobs");
    }

    private sealed interface Internal extends NodeProtocol.Command {}

    private enum RegisterTick implements Internal {
        INSTANCE
    }

    private enum Beat implements Internal {
        INSTANCE
    }

    private enum LeaseOver implements Internal {
        INSTANCE
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

    private record Running(ActorRef<AttemptRunner.Command> runner, Order order) {}

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
        timers.startTimerWithFixedDelay(RegisterTick.INSTANCE, REGISTER_RETRY);
        register();
        return Behaviors.receive(NodeProtocol.Command.class)
                .onMessage(RegisterTick.class, tick -> register())
                .onMessage(NodeRegistered.class, this::onRegistered)
                .onMessage(NodeRefused.class, this::onRefused)
                .onMessage(Launch.class, launch -> refuse(launch, "is not yet registered"))
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
                .onMessage(Launch.class, this::onLaunch)
                .onMessage(JobDefined.class, this::onJobDefined)
                .onMessage(ProbeOutput.class, this::onProbeOutput)
                .onMessage(NodeProtocol.BlobFrom.class, this::onBlobFrom)
                .onMessage(BlobsGathered.class, this::onBlobsGathered)
                .onMessage(CancelAttempt.class, this::onCancelAttempt)
                .onMessage(CommitGranted.class, this::onCommitGranted)
                .onMessage(CommitDenied.class, this::onCommitDenied)
                .onMessage(DiscardOutput.class, this::onDiscardOutput)
                .onMessage(ForgetJob.class, this::onForgetJob)
                .onMessage(Reported.class, this::onReported)
                .onMessage(CleanedUp.class, this::onCleanedUp)
                .onMessage(RegisterTick.class, tick -> drain.hasBegun() ? Behaviors.same() : onTick())
                .onMessage(Beat.class, beat -> beat())
                .onMessage(LeasesRenewed.class, this::onLeasesRenewed)
                .onMessage(LeaseOver.class, over -> onLeaseOver())
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

    private Behavior<NodeProtocol.Command> onTick() {
        ticks++;
        return unanswered > 0 || ticks % TICKS_ANSWERED == 0 ? register() : Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> register() {
        if (!member.getAsBoolean()) {
            return Behaviors.same();
        }
        unanswered++;
        coordinator.tell(new ClusterProtocol.RegisterNode(
                facts,
                context.getSelf().narrow(),
                services.reigns().highest(),
                List.copyOf(services.segments().jobs())));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onRegistered(NodeRegistered message) {
        if (message.epoch().isOlderThan(epoch)) {
            return Behaviors.same();
        }
        unanswered = 0;
        if (!message.forget().isEmpty()) {
            blocking.execute(() -> message.forget().forEach(services.segments()::removeJob));
        }
        if (epoch.equals(message.epoch())) {
            return Behaviors.same();
        }
        epoch = message.epoch();
        registered.accept(facts, message.data());
        services.reigns().serve(epoch);
        jobs.newReign();
        formerOutputs.clear();
        formerOutputs.addAll(services.segments().held());
        blocking.execute(services.claims()::handBack);
        // What runs for the reign before nobody waits for any more.
        running.values()
                .forEach(attempt -> attempt.runner.tell(new AttemptRunner.Cancel("another coordinator took over")));
        timers.startTimerWithFixedDelay(Beat.INSTANCE, lease().dividedBy(BEATS_PER_LEASE));
        timers.startSingleTimer(LeaseOver.INSTANCE, lease());
        return active();
    }

    private Duration lease() {
        return services.settings().task().lease();
    }

    private Behavior<NodeProtocol.Command> beat() {
        List<AttemptId> alive = new ArrayList<>(running.keySet());
        alive.addAll(stuck);
        coordinator.tell(new ClusterProtocol.RenewLeases(
                epoch, facts.id(), alive, stuck.size(), context.getSelf().narrow()));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onLeasesRenewed(LeasesRenewed renewed) {
        if (!renewed.epoch().isOlderThan(epoch)) {
            timers.startSingleTimer(LeaseOver.INSTANCE, lease());
        }
        return Behaviors.same();
    }

    /** Nobody waits for what runs here: it has been started elsewhere by now, or will be. */
    private Behavior<NodeProtocol.Command> onLeaseOver() {
        cancelAll("node " + facts.id() + " has not heard of the coordinator for " + lease());
        timers.startSingleTimer(LeaseOver.INSTANCE, lease());
        return Behaviors.same();
    }

    private void cancelAll(String why) {
        running.values().forEach(attempt -> attempt.runner.tell(new AttemptRunner.Cancel(why)));
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
            case HAND_BACK -> cancelAll("node " + facts.id() + " leaves");
            case END -> drain.end(timers);
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onDrainNode(DrainNode order) {
        if (!order.epoch().isOlderThan(epoch)) {
            leave.run();
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onNodeDrained(NodeDrained drained) {
        if (!drained.epoch().isOlderThan(epoch)) {
            drain.end(timers);
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onAdoptOutput(AdoptOutput order) {
        if (order.epoch().isOlderThan(epoch)) {
            return Behaviors.same();
        }
        context.pipeToSelf(
                CompletableFuture.runAsync(() -> adopt(order), blocking),
                (done, failure) -> new Adopted(order, failure));
        return Behaviors.same();
    }

    /** On another thread than the actor's: nothing of the actor may be used here. */
    private void adopt(AdoptOutput order) {
        AttemptId producer = order.producer();
        try (InputStream in = services.fetcher().output(order.from(), producer)) {
            services.segments().adopt(producer, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Behavior<NodeProtocol.Command> onAdopted(Adopted adopted) {
        AttemptId producer = adopted.order.producer();
        if (jobs.isForgotten(producer.task().job())) {
            blocking.execute(() -> services.segments().remove(producer));
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

    private Behavior<NodeProtocol.Command> onLaunch(Launch launch) {
        Order order = launch.order();
        if (order.epoch().isOlderThan(epoch)) {
            return refuse(
                    launch,
                    "knows epoch " + epoch.value() + ", the order has "
                            + order.epoch().value());
        }
        Running former = running.get(order.attempt());
        if (former != null && former.order.epoch().isOlderThan(order.epoch())) {
            return refuse(launch, "has not yet ended what it ran for an earlier coordinator");
        }
        if (former != null || jobs.isWaiting(order.attempt())) {
            return Behaviors.same(); // a repeated order
        }
        if (jobs.isForgotten(order.attempt().task().job())) {
            return refuse(launch, "has forgotten the job");
        }
        if (drain.hasBegun()) {
            return refuse(launch, "leaves");
        }
        if (running.size() - committing.size() + jobs.waiting() >= facts.slots() - stuck.size()) {
            return refuse(launch, "has no slot free");
        }
        JobOnNode job = jobs.find(order.attempt().task().job());
        if (job == null) {
            jobs.hold(launch);
            if (jobs.isGathering(order.attempt().task().job())) {
                acknowledge(order);
                return Behaviors.same();
            }
            order.replyTo()
                    .tell(new TaskProtocol.DefinitionWanted(
                            epoch,
                            order.attempt().task().job(),
                            context.getSelf().narrow()));
            return Behaviors.same();
        }
        start(launch, job);
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> refuse(Launch launch, String why) {
        Order order = launch.order();
        order.replyTo()
                .tell(new TaskProtocol.AttemptRefused(
                        order.epoch(), order.attempt(), facts.id(), "node " + facts.id() + " " + why));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onJobDefined(JobDefined defined) {
        JobId job = defined.job();
        if (defined.definition().blobs().isEmpty()) {
            defineAndStart(job, defined.definition());
        } else if (jobs.gather(job)) {
            List<Launch> held = jobs.held(job);
            held.forEach(
                    launch -> acknowledge(launch.order())); // blobs may take longer than an order may go unanswered
            blobs.tell(new BlobFetcher.Gather(
                    defined.epoch(),
                    job,
                    defined.definition(),
                    held.get(0).order().replyTo()));
        }
        return Behaviors.same();
    }

    private void defineAndStart(JobId id, JobDefinition definition) {
        JobOnNode job = jobs.define(id, definition);
        for (Launch launch : jobs.release(id)) {
            start(launch, job);
        }
    }

    private void acknowledge(Order order) {
        order.replyTo().tell(new TaskProtocol.AttemptStarted(order.epoch(), order.attempt(), facts.id()));
    }

    private Behavior<NodeProtocol.Command> onBlobFrom(NodeProtocol.BlobFrom turn) {
        blobs.tell(new BlobFetcher.TakeFrom(turn));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onBlobsGathered(BlobsGathered gathered) {
        JobId job = gathered.result.job();
        FailureReport failure = gathered.result.failure();
        if (!jobs.gathered(job)) {
            return Behaviors.same();
        }
        if (failure == null) {
            defineAndStart(job, gathered.result.definition());
            return Behaviors.same();
        }
        context.getLog().warn("{}: node {} cannot prepare it: {}", job, facts.id(), failure.message());
        for (Launch launch : jobs.release(job)) {
            Order order = launch.order();
            order.replyTo().tell(new TaskProtocol.AttemptFailed(order.epoch(), order.attempt(), facts.id(), failure));
        }
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onProbeOutput(ProbeOutput probe) {
        blocking.execute(() -> probe.replyTo()
                .tell(new TaskProtocol.OutputProbed(
                        probe.epoch(), probe.planner().task().job(), facts.id(), problemWith(probe))));
        return Behaviors.same();
    }

    private String problemWith(ProbeOutput probe) {
        try {
            return new OutputCommitter(
                            URI.create(probe.directory()), services.settings().output(), services.faults())
                    .problemHere(probe.planner(), facts.id().value())
                    .orElse("");
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage()); // no such file system here
        }
    }

    private void start(Launch launch, JobOnNode job) {
        Order order = launch.order();
        if (formerOutputs.remove(order.attempt())) {
            var unused = services.segments().remove(order.attempt());
        }
        AttemptScope scope = new AttemptScope(order, job.functions(), services);
        ActorRef<AttemptRunner.Command> runner = context.spawn(
                // stopped, and reported by onChildFailed; what failed is no news for the log of the actor system
                Behaviors.supervise(AttemptRunner.create(scope, JobsOnNode.workOf(launch), reports))
                        .onFailure(SupervisorStrategy.stop().withLoggingEnabled(false)),
                "attempt-" + order.attempt().task().job() + "-"
                        + order.attempt().localName());
        context.watch(runner);
        running.put(order.attempt(), new Running(runner, order));
        acknowledge(order);
    }

    private Behavior<NodeProtocol.Command> onCancelAttempt(CancelAttempt cancel) {
        Running attempt = running.get(cancel.attempt());
        if (attempt != null) {
            attempt.runner.tell(new AttemptRunner.Cancel(cancel.reason()));
            return Behaviors.same();
        }
        Launch held = jobs.drop(cancel.attempt());
        ActorRef<TaskProtocol.Wire> replyTo = held != null ? held.order().replyTo() : cancel.replyTo();
        replyTo.tell(new TaskProtocol.AttemptFailed(
                cancel.epoch(),
                cancel.attempt(),
                facts.id(),
                FailureReport.of(FailureKind.PLAN, ErrorCode.JOB_CANCELED, cancel.reason())));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onCommitGranted(CommitGranted granted) {
        tell(granted.attempt(), AttemptRunner.Grant.INSTANCE);
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onCommitDenied(CommitDenied denied) {
        tell(denied.attempt(), new AttemptRunner.Deny(denied.reason()));
        return Behaviors.same();
    }

    private void tell(AttemptId attempt, AttemptRunner.Command command) {
        Running known = running.get(attempt);
        if (known != null) {
            known.runner.tell(command);
        }
    }

    private Behavior<NodeProtocol.Command> onDiscardOutput(DiscardOutput discard) {
        blocking.execute(() -> services.segments().remove(discard.attempt()));
        return Behaviors.same();
    }

    private Behavior<NodeProtocol.Command> onReported(Reported reported) {
        AttemptId attempt = reported.report.attempt();
        if (reported.report instanceof AttemptRunner.ThreadBack) {
            stuck.remove(attempt);
            return beat(); // the slot is there again
        }
        Running known = running.get(attempt);
        if (known == null) {
            return Behaviors.same();
        }
        Order order = known.order;
        if (reported.report instanceof AttemptRunner.Finished finished) {
            if (finished.outcome() instanceof Outcome.Planned planned) {
                PlanPages.of(order.epoch(), attempt, planned.splits())
                        .forEach(page -> order.replyTo().tell(page));
            } else {
                order.replyTo().tell(message(order, finished.outcome()));
            }
            if (finished.outcome() instanceof Outcome.Written) {
                committing.add(attempt); // its work is done: it takes no slot while it waits for the decision
            } else {
                ended(attempt);
            }
        } else if (reported.report instanceof AttemptRunner.Committed) {
            ended(attempt);
        } else if (reported.report instanceof AttemptRunner.ThreadLost) {
            stuck.add(attempt);
            context.getLog()
                    .warn(
                            "{} ignores its interrupt; node {} has {} of {} slots left",
                            attempt,
                            facts.id(),
                            facts.slots() - stuck.size(),
                            facts.slots());
            order.replyTo().tell(new TaskProtocol.SlotLost(order.epoch(), attempt, facts.id()));
        }
        return Behaviors.same();
    }

    private TaskProtocol.Wire message(Order order, Outcome outcome) {
        AttemptId attempt = order.attempt();
        if (outcome instanceof Outcome.Sampled sampled) {
            return new TaskProtocol.SampleReady(order.epoch(), attempt, sampled.keys());
        } else if (outcome instanceof Outcome.Held held) {
            return new TaskProtocol.OutputHeld(order.epoch(), attempt, facts.id(), held.counters(), held.bytes());
        } else if (outcome instanceof Outcome.Written written) {
            return new TaskProtocol.CommitRequested(
                    order.epoch(),
                    attempt,
                    written.part(),
                    written.counters(),
                    context.getSelf().narrow());
        }
        return new TaskProtocol.JobCommitted(order.epoch(), attempt, ((Outcome.Committed) outcome).parts());
    }

    /** Supervision's word that an attempt failed: the exception thrown in its actor is the cause. */
    private Behavior<NodeProtocol.Command> onChildFailed(ChildFailed failed) {
        running.entrySet().stream()
                .filter(entry ->
                        entry.getValue().runner.path().equals(failed.getRef().path()))
                .findFirst()
                .ifPresent(entry -> {
                    Order order = entry.getValue().order;
                    FailureReport report = failed.getCause() instanceof AttemptFailedException attempt
                            ? attempt.report()
                            : FailureReport.of(
                                    FailureKind.ENGINE,
                                    ErrorCode.INTERNAL,
                                    "the attempt's actor failed: " + failed.getCause());
                    order.replyTo()
                            .tell(new TaskProtocol.AttemptFailed(order.epoch(), order.attempt(), facts.id(), report));
                    ended(order.attempt());
                });
        return Behaviors.same();
    }

    private void ended(AttemptId attempt) {
        running.remove(attempt);
        committing.remove(attempt);
        JobId job = attempt.task().job();
        if (jobs.isForgotten(job)) {
            cleanUpWhenIdle(job);
        }
    }

    private Behavior<NodeProtocol.Command> onForgetJob(ForgetJob forget) {
        jobs.forget(forget.job(), forget.replyTo(), forget.epoch());
        blobs.tell(new BlobFetcher.Drop(forget.job()));
        for (Running attempt : List.copyOf(running.values())) {
            if (attempt.order.attempt().task().job().equals(forget.job())) {
                attempt.runner.tell(new AttemptRunner.Cancel("job " + forget.job() + " has ended"));
            }
        }
        cleanUpWhenIdle(forget.job());
        return Behaviors.same();
    }

    private void cleanUpWhenIdle(JobId job) {
        boolean busy = running.keySet().stream()
                .anyMatch(attempt -> attempt.task().job().equals(job));
        if (!busy) {
            context.pipeToSelf(
                    CompletableFuture.runAsync(
                            () -> {
                                services.segments().removeJob(job);
                                services.claims().abort(job);
                                if (services.loaders().forget(job)) {
                                    services.threads().renew();
                                }
                                services.blobs().store().release(job);
                            },
                            blocking),
                    (done, failure) -> new CleanedUp(job, failure));
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
