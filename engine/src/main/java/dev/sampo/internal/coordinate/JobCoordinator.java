package dev.sampo.internal.coordinate;

import dev.sampo.api.JobState;
import dev.sampo.internal.cluster.ConsistentHashRouter;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.observe.JobEvent;
import dev.sampo.internal.observe.LogKeys;
import dev.sampo.internal.plan.PlannedSplit;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.ClusterProtocol.SubmitJob;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.schedule.Decision;
import dev.sampo.internal.schedule.Scheduler;
import dev.sampo.internal.schedule.SchedulerEvent;
import dev.sampo.spi.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The coordinator of one job (YARN's ApplicationMaster): the only authority on its attempts, retries and commits. The
 * rules are those of the pure {@link Scheduler}; this actor turns messages into its events and performs its decisions.
 */
final class JobCoordinator extends AbstractBehavior<TaskProtocol.Command> {
    /** How long the end of a job waits for nodes that do not say that they have cleaned up. */
    private static final Duration CLEAN_UP_LIMIT = Duration.ofSeconds(10);

    /** How long nodes may take to say whether they see the output, before the job goes on without them. */
    private static final Duration SIGHT_LIMIT = Duration.ofSeconds(10);

    private static final Duration SIGHT_RETRY = Duration.ofSeconds(2);

    private final TimerScheduler<TaskProtocol.Command> timers;
    private final SubmitJob submit;
    private final CoordinatorServices services;
    private final ActorRef<ClusterProtocol.Command> cluster;
    private final Watchers watchers;
    private final Scheduler scheduler;
    private final JobOrders orders;
    private final JobEnding ending;
    private final OutputSight sight;
    private final PlanCollector plan = new PlanCollector();
    private final BlobSpread blobs;
    private final long startedNanos;
    private OptionalLong timer = OptionalLong.empty();
    private JobState state = JobState.QUEUED;
    private boolean progressDue;

    private JobCoordinator(
            ActorContext<TaskProtocol.Command> context,
            TimerScheduler<TaskProtocol.Command> timers,
            SubmitJob submit,
            CoordinatorServices services,
            ActorRef<ConsistentHashRouter.Command> router,
            ActorRef<ClusterProtocol.Command> cluster) {
        super(context);
        this.timers = timers;
        this.submit = submit;
        this.services = services;
        this.cluster = cluster;
        this.watchers = new Watchers(context);
        watchers.add(submit.client());
        this.scheduler =
                new Scheduler(submit.job(), submit.outline(), services.planSettings(), services.schedulerSettings());
        ActorRef<TaskProtocol.Wire> self = context.getSelf().narrow();
        LaunchMessages messages =
                new LaunchMessages(services.epoch(), scheduler, services.clock().instant(), results(), self);
        this.orders = new JobOrders(submit.outline(), services.epoch(), router, messages, self);
        this.ending = new JobEnding(submit.job(), services.results());
        this.sight = new OutputSight(submit.outline().output(), services.epoch(), self);
        this.blobs = new BlobSpread(submit.job(), services);
        if (submit.outline().output().isEmpty()) {
            services.results().expect(submit.job());
        }
        this.startedNanos = services.nanos().getAsLong();
    }

    private sealed interface Internal extends TaskProtocol.Command {}

    private enum Begin implements Internal {
        INSTANCE
    }

    private enum Tick implements Internal {
        INSTANCE
    }

    private enum ProgressTick implements Internal {
        INSTANCE
    }

    private enum SightTick implements Internal {
        INSTANCE
    }

    private enum SightOver implements Internal {
        INSTANCE
    }

    private enum CleanUpOver implements Internal {
        INSTANCE
    }

    static Behavior<TaskProtocol.Command> create(
            SubmitJob submit,
            CoordinatorServices services,
            ActorRef<ConsistentHashRouter.Command> router,
            ActorRef<ClusterProtocol.Command> cluster) {
        Behavior<TaskProtocol.Command> behavior = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.getSelf().tell(Begin.INSTANCE);
            timers.startTimerWithFixedDelay(
                    ProgressTick.INSTANCE, services.settings().progressInterval());
            return new JobCoordinator(context, timers, submit, services, router, cluster);
        }));
        return Behaviors.withMdc(
                TaskProtocol.Command.class, Map.of(LogKeys.JOB, submit.job().value()), behavior);
    }

    /** Returns what a submitter is told of a job whose coordinator failed by a defect of the engine. */
    static ClientProtocol.Wire broken(JobId job, Throwable cause) {
        return new ClientProtocol.JobFailed(
                job,
                ErrorCode.INTERNAL,
                "job " + job + ": its coordinator failed: " + cause,
                "",
                EndMessages.noProgress(JobState.FAILED),
                EndMessages.noCounters());
    }

    @Override
    public Receive<TaskProtocol.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(TaskProtocol.Wire.class, this::isStale, stale -> this)
                .onMessage(TaskProtocol.DefinitionWanted.class, this::onDefinitionWanted)
                .onMessage(TaskProtocol.BlobWanted.class, m -> blobs(() -> blobs.wanted(m)))
                .onMessage(TaskProtocol.BlobHeld.class, m -> blobs(() -> blobs.held(m)))
                .onMessage(TaskProtocol.BlobMissed.class, m -> blobs(() -> blobs.missed(m)))
                .onMessage(TaskProtocol.AttemptReports.class, this::onAttemptReports)
                .onMessage(
                        TaskProtocol.AttemptRefused.class,
                        m -> on(new SchedulerEvent.AttemptRefused(m.attempt(), m.node(), m.reason())))
                .onMessage(TaskProtocol.PlanReady.class, this::onPlanReady)
                .onMessage(
                        TaskProtocol.SampleReady.class, m -> on(new SchedulerEvent.SampleReady(m.attempt(), m.keys())))
                .onMessage(TaskProtocol.CommitRequested.class, this::onCommitRequested)
                .onMessage(
                        TaskProtocol.JobCommitted.class,
                        m -> on(new SchedulerEvent.JobCommitted(m.attempt(), m.parts())))
                .onMessage(TaskProtocol.SlotLost.class, this::onSlotLost)
                .onMessage(TaskProtocol.JobForgotten.class, m -> onCleaned(m.node()))
                .onMessage(Begin.class, m -> on(new SchedulerEvent.JobAccepted()))
                .onMessage(JobCommand.NodesChanged.class, this::onNodesChanged)
                .onMessage(JobCommand.NodeGone.class, this::onNodeGone)
                .onMessage(JobCommand.NodeDrains.class, m -> on(new SchedulerEvent.NodeDraining(m.node())))
                .onMessage(
                        JobCommand.NodeHeard.class,
                        m -> on(new SchedulerEvent.NodeHeard(m.node(), sight.withPlanner(m.running()), m.progress())))
                .onMessage(TaskProtocol.OutputAdopted.class, this::onOutputAdopted)
                .onMessage(JobCommand.SlotGranted.class, m -> on(new SchedulerEvent.SlotGranted(m.lease())))
                .onMessage(JobCommand.SlotsCapped.class, m -> on(new SchedulerEvent.SlotsCapped(m.slots())))
                .onMessage(JobCommand.Stop.class, m -> on(new SchedulerEvent.CancelRequested(m.reason())))
                .onMessage(JobCommand.Fail.class, m -> on(new SchedulerEvent.FailRequested(m.report())))
                .onMessage(TaskProtocol.OutputProbed.class, this::onOutputProbed)
                .onMessage(SightTick.class, this::onSightTick)
                .onMessage(SightOver.class, over -> startWhenSeen(true))
                .onMessage(JobCommand.Watch.class, this::onWatch)
                .onMessage(Watchers.Gone.class, this::onWatcherGone)
                .onMessage(Tick.class, this::onTick)
                .onMessage(ProgressTick.class, this::onProgressTick)
                .onMessage(CleanUpOver.class, this::onCleanUpOver)
                .build();
    }

    /** Where the parts of the result are copied to when they go to no directory. */
    private DataAddress results() {
        return submit.outline().output().isEmpty() ? services.results().address() : DataAddress.NONE;
    }

    /** What answers an order of an older reign is refused. */
    private boolean isStale(TaskProtocol.Wire message) {
        return message.epoch().isOlderThan(services.epoch());
    }

    private Behavior<TaskProtocol.Command> on(SchedulerEvent event) {
        return on(List.of(event));
    }

    private Behavior<TaskProtocol.Command> on(List<SchedulerEvent> events) {
        List<Decision> decisions = scheduler.on(events, services.nanos().getAsLong());
        progressDue = true;
        List<Decision.Launch> launches = new ArrayList<>();
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Launch launch) {
                services.events()
                        .record(new JobEvent.AttemptLaunched(launch.attempt(), launch.target(), launch.home()));
                launches.add(launch);
            } else {
                perform(decision);
            }
        }
        orders.launch(launches);
        setTimer();
        return endWhenClean();
    }

    private void perform(Decision decision) {
        JobId job = submit.job();
        if (decision instanceof Decision.SetDemand demand) {
            cluster.tell(new JobNotice.DemandChanged(job, demand.slots()));
        } else if (decision instanceof Decision.ReleaseSlot release) {
            cluster.tell(new JobNotice.SlotReleased(job, release.lease()));
        } else if (decision instanceof Decision.SetNodeAside of) {
            if (of.aside()) {
                services.events().record(new JobEvent.NodeSetAside(job, of.node()));
            }
            cluster.tell(new JobNotice.NodeSetAside(job, of.node(), of.aside()));
        } else if (decision instanceof Decision.SlotGone gone) {
            cluster.tell(new JobNotice.SlotGone(job, gone.node(), gone.lease()));
        } else if (decision instanceof Decision.CancelAttempt cancel) {
            orders.cancel(cancel);
        } else if (decision instanceof Decision.GrantCommit grant) {
            orders.grant(grant);
        } else if (decision instanceof Decision.DenyCommit deny) {
            orders.deny(deny);
        } else if (decision instanceof Decision.DiscardOutput discard) {
            orders.discard(discard);
        } else if (decision instanceof Decision.MoveOutput move) {
            orders.move(move);
        } else if (decision instanceof Decision.NodeEmptied emptied) {
            cluster.tell(new JobNotice.NodeEmptied(job, emptied.node()));
        } else if (decision instanceof Decision.JobStateChanged changed) {
            services.events().record(new JobEvent.JobStateChanged(job, state, changed.state()));
            state = changed.state();
            advanced();
        } else if (decision instanceof Decision.CleanUp) {
            cleanUp();
        } else {
            long nanos = services.nanos().getAsLong() - startedNanos;
            ending.end(decision, EndMessages.of(job, decision, scheduler, results(), nanos));
        }
    }

    private Behavior<TaskProtocol.Command> onOutputAdopted(TaskProtocol.OutputAdopted adopted) {
        if (adopted.problem().isEmpty()) {
            return on(new SchedulerEvent.OutputMoved(adopted.producer(), adopted.node()));
        }
        getContext()
                .getLog()
                .warn("{}: node {} could not take it over: {}", adopted.producer(), adopted.node(), adopted.problem());
        return on(new SchedulerEvent.MoveFailed(adopted.producer(), adopted.node()));
    }

    private Behavior<TaskProtocol.Command> onDefinitionWanted(TaskProtocol.DefinitionWanted wanted) {
        wanted.agent().tell(new NodeProtocol.JobDefined(services.epoch(), submit.job(), submit.definition()));
        return this;
    }

    private Behavior<TaskProtocol.Command> blobs(Runnable handling) {
        handling.run();
        return this;
    }

    private Behavior<TaskProtocol.Command> onAttemptReports(TaskProtocol.AttemptReports reports) {
        return on(ReportIntake.events(reports, services));
    }

    private Behavior<TaskProtocol.Command> onPlanReady(TaskProtocol.PlanReady ready) {
        Optional<List<PlannedSplit>> splits = plan.add(ready);
        if (splits.isEmpty()) {
            return this;
        }
        SchedulerEvent.PlanReady planned = new SchedulerEvent.PlanReady(ready.attempt(), splits.get());
        NodeId planner = orders.nodeOf(ready.attempt());
        if (submit.outline().output().isEmpty()) {
            return on(planned); // the seed holds the results: there is no directory to see
        }
        if (planner != null) {
            sight.begin(planned, planner);
            sight.ask(orders.agents());
            timers.startTimerWithFixedDelay(SightTick.INSTANCE, SIGHT_RETRY);
            timers.startSingleTimer(SightOver.INSTANCE, SIGHT_LIMIT);
        }
        return startWhenSeen(false);
    }

    /** Every node shows that it sees the output before the first attempt that could need it. */
    private Behavior<TaskProtocol.Command> startWhenSeen(boolean withoutTheLate) {
        sight.start(orders.nodes(), withoutTheLate).forEach(this::on);
        return endWhenClean();
    }

    private Behavior<TaskProtocol.Command> onOutputProbed(TaskProtocol.OutputProbed answer) {
        if (!answer.problem().isEmpty()) {
            getContext().getLog().warn("{}: node {} {}", submit.job(), answer.node(), answer.problem());
        }
        if (sight.answered(answer)) {
            on(new SchedulerEvent.NodeAdmitted(answer.node()));
        }
        return startWhenSeen(false);
    }

    private Behavior<TaskProtocol.Command> onSightTick(SightTick tick) {
        sight.ask(orders.agents());
        return this;
    }

    private Behavior<TaskProtocol.Command> onCommitRequested(TaskProtocol.CommitRequested request) {
        return on(new SchedulerEvent.CommitRequested(request.attempt(), request.part(), request.counters()));
    }

    private Behavior<TaskProtocol.Command> onSlotLost(TaskProtocol.SlotLost lost) {
        services.events().record(new JobEvent.SlotLost(lost.attempt(), lost.node()));
        return on(new SchedulerEvent.SlotLost(lost.attempt(), lost.node()));
    }

    private Behavior<TaskProtocol.Command> onNodesChanged(JobCommand.NodesChanged changed) {
        orders.use(changed.facts(), changed.agents());
        if (sight.hasBegun()) {
            sight.exclude(orders.nodes()).forEach(this::on);
            sight.ask(orders.agents());
        }
        return on(new SchedulerEvent.PlacementChanged(changed.table()));
    }

    private Behavior<TaskProtocol.Command> onNodeGone(JobCommand.NodeGone gone) {
        sight.gone(gone.node());
        NodeFacts facts = orders.facts(gone.node());
        if (facts != null) {
            blobs.gone(facts.data());
        }
        on(new SchedulerEvent.NodeLost(gone.node()));
        ending.cleaned(gone.node());
        return startWhenSeen(false);
    }

    private Behavior<TaskProtocol.Command> onTick(Tick tick) {
        timer = OptionalLong.empty();
        return on(new SchedulerEvent.Tick());
    }

    /** One timer for the scheduler's next deadline; started anew only when that has come nearer. */
    private void setTimer() {
        OptionalLong deadline = scheduler.nextDeadlineNanos();
        if (deadline.isPresent() && (timer.isEmpty() || deadline.getAsLong() - timer.getAsLong() < 0)) {
            long delay = Math.max(0, deadline.getAsLong() - services.nanos().getAsLong());
            timers.startSingleTimer(Tick.INSTANCE, Duration.ofNanos(delay).plusMillis(1));
            timer = deadline;
        }
    }

    private Behavior<TaskProtocol.Command> onProgressTick(ProgressTick tick) {
        if (progressDue && !ending.isTold()) {
            progressDue = false;
            watchers.tell(progressed());
            advanced();
        }
        return this;
    }

    private ClientProtocol.Wire progressed() {
        return new ClientProtocol.JobProgressed(submit.job(), scheduler.progress(), scheduler.counters());
    }

    private Behavior<TaskProtocol.Command> onWatch(JobCommand.Watch watch) {
        watchers.add(watch.client());
        watch.client().tell(progressed());
        return this;
    }

    private Behavior<TaskProtocol.Command> onWatcherGone(Watchers.Gone gone) {
        watchers.remove(gone.client());
        return this;
    }

    /** The cluster coordinator answers for the job whoever asks for it. */
    private void advanced() {
        Map<NodeId, List<AttemptId>> running = new HashMap<>();
        for (NodeId node : orders.nodes()) {
            running.put(node, scheduler.liveOn(node));
        }
        cluster.tell(new JobNotice.JobAdvanced(submit.job(), scheduler.progress(), scheduler.counters(), running));
    }

    private void cleanUp() {
        orders.forget(submit.job());
        ending.clean(orders.nodes());
        timers.startSingleTimer(CleanUpOver.INSTANCE, CLEAN_UP_LIMIT);
    }

    private Behavior<TaskProtocol.Command> onCleaned(NodeId node) {
        ending.cleaned(node);
        return endWhenClean();
    }

    private Behavior<TaskProtocol.Command> onCleanUpOver(CleanUpOver over) {
        getContext().getLog().warn("{}: nodes {} did not say that they have cleaned up", submit.job(), ending.giveUp());
        return endWhenClean();
    }

    /** Whoever watches the job hears of the end when nothing of the job is left on any node. */
    private Behavior<TaskProtocol.Command> endWhenClean() {
        ending.due().ifPresent(end -> {
            watchers.tell(end);
            cluster.tell(new JobNotice.JobEnded(submit.job(), end));
        });
        return ending.isTold() ? Behaviors.stopped() : this;
    }
}
