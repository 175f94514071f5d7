package dev.sampo.internal.coordinate;

import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.internal.cluster.ConsistentHashRouter;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.observe.JobEvent;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.ClusterProtocol.BlobsOffered;
import dev.sampo.internal.protocol.ClusterProtocol.CancelJob;
import dev.sampo.internal.protocol.ClusterProtocol.DrainNode;
import dev.sampo.internal.protocol.ClusterProtocol.DrainStarted;
import dev.sampo.internal.protocol.ClusterProtocol.FollowJob;
import dev.sampo.internal.protocol.ClusterProtocol.NodeEnded;
import dev.sampo.internal.protocol.ClusterProtocol.NodeLeaves;
import dev.sampo.internal.protocol.ClusterProtocol.RegisterNode;
import dev.sampo.internal.protocol.ClusterProtocol.RenewLeases;
import dev.sampo.internal.protocol.ClusterProtocol.SubmitJob;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.schedule.SlotAllocator;
import dev.sampo.internal.schedule.SlotDecision;
import dev.sampo.spi.ErrorCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of the cluster (YARN's ResourceManager): knows the nodes, owns the placement, shares the slots among
 * the jobs by the pure {@link SlotAllocator}, and runs one {@link JobCoordinator} per job as its child.
 */
public final class ClusterCoordinator extends AbstractBehavior<ClusterProtocol.Command> {
    /** How long a job may be without any node before that is worth a warning. */
    private static final Duration FIRST_NODE_LIMIT = Duration.ofSeconds(3);

    private final CoordinatorServices services;
    private final ActorRef<ConsistentHashRouter.Command> router;
    private final SlotAllocator slots;
    private final Predicate<ActorRef<?>> members;
    private final HeldJobs held;
    private final Admission admission;
    private final NodeTable nodes = new NodeTable();
    private final Departures departures = new Departures();
    private final Map<JobId, Job> jobs = new HashMap<>();
    private final EndedJobs ended;
    private final BlobIntake intake;
    private final AnswerDesk desk;

    private ClusterCoordinator(
            ActorContext<ClusterProtocol.Command> context,
            CoordinatorServices services,
            ActorRef<ConsistentHashRouter.Command> router,
            Predicate<ActorRef<?>> members) {
        super(context);
        this.services = services;
        this.members = members;
        this.held = new HeldJobs(services.settings().cluster().rejoin().forgetAfter());
        this.router = router;
        this.slots = new SlotAllocator(services.settings().queues().weights());
        this.admission = new Admission(services.settings().queues());
        this.intake = new BlobIntake(services, taken -> context.getSelf().tell(new BlobsTaken(taken)));
        this.ended = new EndedJobs(services.settings().rememberedJobs());
        this.desk = new AnswerDesk(context, services, nodes);
    }

    /** What a job coordinator tells the cluster coordinator, its parent. */
    sealed interface FromJob extends ClusterProtocol.Command {
        JobId job();
    }

    /** The job wants so many slots in all. */
    record DemandChanged(JobId job, int wanted) implements FromJob {}

    /** The job gives a slot back. */
    record SlotReleased(JobId job, SlotLease lease) implements FromJob {}

    /** An attempt of the job keeps a slot of the node for good; without a lease when the job had given it back. */
    record SlotGone(JobId job, NodeId node, @Nullable SlotLease lease) implements FromJob {}

    /** The job has nothing left to do with a node that leaves. */
    record NodeEmptied(JobId job, NodeId node) implements FromJob {}

    /** The job has told its submitter how it ended. */
    record JobEnded(JobId job, ClientProtocol.Wire end) implements FromJob {}

    private record BlobsTaken(BlobIntake.Taken taken) implements ClusterProtocol.Command {}
    /** How far the job is, for those who ask, and what it has on each node. */
    record JobAdvanced(JobId job, JobProgress progress, Counters counters, Map<NodeId, List<AttemptId>> running)
            implements FromJob {}

    private record NoNodeYet(JobId job) implements ClusterProtocol.Command {}

    private record Job(
            ActorRef<TaskProtocol.Command> coordinator, ActorRef<ClientProtocol.Wire> client, String fingerprint) {}

    /**
     * Creates the coordinator of one reign.
     *
     * @param services what it shares with the coordinators of jobs
     * @param router the router of this JVM
     * @param members whether an actor is one of a node that is a member, and may get attempts
     */
    public static Behavior<ClusterProtocol.Command> create(
            CoordinatorServices services,
            ActorRef<ConsistentHashRouter.Command> router,
            Predicate<ActorRef<?>> members) {
        return Behaviors.setup(context -> new ClusterCoordinator(context, services, router, members));
    }

    @Override
    public Receive<ClusterProtocol.Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(RegisterNode.class, this::onRegisterNode)
                .onMessage(NodeEnded.class, this::onNodeEnded)
                .onMessage(SubmitJob.class, this::onSubmitJob)
                .onMessage(BlobsOffered.class, this::onBlobsOffered)
                .onMessage(BlobsTaken.class, this::onBlobsTaken)
                .onMessage(NoNodeYet.class, this::onNoNodeYet)
                .onMessage(FollowJob.class, this::onFollowJob)
                .onMessage(CancelJob.class, this::onCancelJob)
                .onMessage(ClusterProtocol.StopJob.class, this::onStopJob)
                .onMessage(ClusterProtocol.Query.class, this::onQuery)
                .onMessage(AnswerDesk.Late.class, this::onLate)
                .onMessage(JobAdvanced.class, this::onJobAdvanced)
                .onMessage(DemandChanged.class, this::onDemandChanged)
                .onMessage(SlotReleased.class, this::onSlotReleased)
                .onMessage(SlotGone.class, this::onSlotGone)
                .onMessage(JobEnded.class, this::onJobEnded)
                .onMessage(RenewLeases.class, this::onRenewLeases)
                .onMessage(DrainNode.class, this::onDrainNode)
                .onMessage(DrainStarted.class, this::onDrainStarted)
                .onMessage(NodeEmptied.class, this::onNodeEmptied)
                .onMessage(NodeLeaves.class, this::onNodeLeaves)
                .onSignal(ChildFailed.class, this::onJobFailed)
                .onSignal(Terminated.class, this::onTerminated)
                .onSignal(PreRestart.class, signal -> releaseBlobs())
                .onSignal(PostStop.class, signal -> releaseBlobs())
                .build();
    }

    private Behavior<ClusterProtocol.Command> onRegisterNode(RegisterNode register) {
        if (!members.test(register.agent())) {
            return this; // it is joining, and asks again
        }
        if (services.epoch().isOlderThan(register.served())) {
            services.reigns().know(register.served());
            throw new OutdatedReignException(services.epoch(), register.served());
        }
        NodeId node = register.node().id();
        if (register.protocol() != ClusterProtocol.VERSION) {
            String reason = "node " + node + " speaks protocol version " + register.protocol()
                    + ", its cluster version " + ClusterProtocol.VERSION + "; expected the same";
            getContext().getLog().warn("{}; it is refused", reason);
            register.agent().tell(new NodeProtocol.NodeRefused(services.epoch(), reason));
            return this;
        }
        if (!nodes.contains(node)) {
            NodeId former = nodes.atAddress(register.node().address());
            if (former != null) {
                lose(former, "node " + node + " took its address");
            }
            nodes.add(register.node(), register.agent());
            getContext().watch(register.agent());
            services.events()
                    .record(new JobEvent.NodeJoined(node, register.node().slots()));
            getContext()
                    .getLog()
                    .info("node {} joined with {} slots", node, register.node().slots());
            publish();
            perform(slots.nodeUp(node, register.node().slots()));
        }
        register.agent()
                .tell(new NodeProtocol.NodeRegistered(
                        services.epoch(),
                        services.blobs().address(),
                        held.toForget(
                                register.holding(),
                                jobs::containsKey,
                                services.nanos().getAsLong())));
        return this;
    }

    private Behavior<ClusterProtocol.Command> onTerminated(Terminated terminated) {
        NodeId node = nodes.ofAgent(terminated.getRef());
        if (node != null) {
            lose(node, "its agent ended");
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onNodeEnded(NodeEnded end) {
        NodeId node = new NodeId(end.node().isEmpty() ? end.address() : end.node());
        if (nodes.contains(node)) {
            lose(node, "its process ended: " + end.why());
        }
        return this;
    }

    private void lose(NodeId node, String why) {
        getContext().getLog().warn("node {} is lost: {}", node, why);
        services.events().record(new JobEvent.NodeLost(node, why));
        remove(node);
    }

    private void remove(NodeId node) {
        nodes.remove(node);
        departures.gone(node);
        List<SlotDecision> decisions = slots.nodeDown(node);
        jobs.values().forEach(job -> job.coordinator.tell(new JobCoordinator.NodeGone(node)));
        publish();
        perform(decisions);
    }

    /** What a node runs is told to the jobs that hold slots there, and to those whose attempts it lists. */
    private Behavior<ClusterProtocol.Command> onRenewLeases(RenewLeases renew) {
        NodeId node = renew.node();
        if (!renew.epoch().equals(services.epoch()) || !nodes.contains(node)) {
            return this; // it registers anew
        }
        Map<JobId, Set<AttemptId>> running = new HashMap<>();
        slots.jobsOn(node).forEach(job -> running.put(job, new HashSet<>()));
        renew.running()
                .forEach(attempt -> running.computeIfAbsent(attempt.task().job(), job -> new HashSet<>())
                        .add(attempt));
        running.forEach((job, attempts) -> tell(job, new JobCoordinator.NodeHeard(node, attempts)));
        perform(slots.slotsLost(node, renew.lostSlots()));
        renew.agent().tell(new NodeProtocol.LeasesRenewed(services.epoch()));
        return this;
    }

    private Behavior<ClusterProtocol.Command> onDrainNode(DrainNode drain) {
        NodeId node = nodes.atAddress(drain.address());
        ActorRef<NodeProtocol.Wire> agent = node == null ? null : nodes.agent(node);
        if (agent != null) {
            agent.tell(new NodeProtocol.DrainNode(services.epoch()));
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onDrainStarted(DrainStarted drain) {
        NodeId node = drain.node();
        if (!nodes.contains(node)) {
            drain.agent().tell(new NodeProtocol.NodeDrained(services.epoch()));
        } else if (nodes.drain(node)) {
            services.events().record(new JobEvent.NodeDraining(node));
            departures.begin(node, jobs.keySet());
            List<SlotDecision> decisions = slots.nodeDraining(node);
            publish();
            jobs.values().forEach(job -> job.coordinator.tell(new JobCoordinator.NodeDrains(node)));
            perform(decisions);
        }
        tellDrained();
        return this;
    }

    private Behavior<ClusterProtocol.Command> onNodeEmptied(NodeEmptied emptied) {
        departures.emptied(emptied.node, emptied.job);
        tellDrained();
        return this;
    }

    private void tellDrained() {
        for (NodeId node : departures.done()) {
            ActorRef<NodeProtocol.Wire> agent = nodes.agent(node);
            if (agent != null) {
                agent.tell(new NodeProtocol.NodeDrained(services.epoch()));
            }
        }
    }

    private Behavior<ClusterProtocol.Command> onNodeLeaves(NodeLeaves leaves) {
        if (nodes.contains(leaves.node())) {
            services.events().record(new JobEvent.NodeLeft(leaves.node()));
            remove(leaves.node());
        }
        return this;
    }

    /** Gives the router and every job the nodes and the placement as they are now. */
    private void publish() {
        router.tell(new ConsistentHashRouter.UsePlacement(nodes.nextPlacement(), nodes.agents()));
        JobCoordinator.NodesChanged changed = nodesChanged();
        jobs.values().forEach(job -> job.coordinator.tell(changed));
    }

    private JobCoordinator.NodesChanged nodesChanged() {
        return new JobCoordinator.NodesChanged(nodes.placement(), nodes.facts(), nodes.agents());
    }

    private Behavior<ClusterProtocol.Command> onSubmitJob(SubmitJob submit) {
        JobId id = submit.job();
        String fingerprint = submit.definition().fingerprint(submit.outline());
        Optional<EndedJobs.Ended> end = ended.of(id);
        Job known = jobs.get(id);
        String former = known != null
                ? known.fingerprint
                : end.map(EndedJobs.Ended::fingerprint).orElse(fingerprint);
        if (!former.equals(fingerprint)) {
            submit.client().tell(anotherJob(id));
            return this;
        }
        Optional<ClientProtocol.Wire> refusal = end.isPresent() || known != null
                ? Optional.empty()
                : admission.refusal(id, submit.outline(), jobs.size());
        if (refusal.isPresent()) {
            services.blobs().store().release(id);
            submit.client().tell(refusal.get());
            return this;
        }
        if (end.isEmpty() && known == null && intake.holdsBack(submit)) {
            return this;
        }
        submit.client().tell(new ClientProtocol.JobAccepted(id));
        if (end.isPresent()) {
            submit.client().tell(end.get().end());
        } else if (known != null) {
            known.coordinator.tell(new JobCoordinator.Watch(submit.client()));
        } else {
            services.events()
                    .record(new JobEvent.JobSubmitted(id, submit.outline().name()));
            ActorRef<TaskProtocol.Command> coordinator = getContext()
                    .spawn(
                            JobCoordinator.create(
                                    submit, services, router, getContext().getSelf()),
                            "job-" + id);
            getContext().watch(coordinator);
            jobs.put(id, new Job(coordinator, submit.client(), fingerprint));
            desk.accepted(id, submit.outline());
            coordinator.tell(nodesChanged());
            if (nodes.isEmpty()) {
                getContext().scheduleOnce(FIRST_NODE_LIMIT, getContext().getSelf(), new NoNodeYet(id));
            }
            perform(slots.jobSubmitted(
                    id, submit.outline().queue(), submit.outline().priority()));
            failWhereNoSlotIsLeft();
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onBlobsOffered(BlobsOffered offered) {
        intake.fetch(offered.job(), offered.holder());
        return this;
    }

    private Behavior<ClusterProtocol.Command> onBlobsTaken(BlobsTaken message) {
        SubmitJob submit = message.taken.submit();
        ClientProtocol.Wire refused = intake.taken(message.taken);
        if (refused == null) {
            return onSubmitJob(submit);
        }
        submit.client().tell(refused);
        return this;
    }

    /** Another reign gets the blobs of its jobs anew. */
    private Behavior<ClusterProtocol.Command> releaseBlobs() {
        jobs.keySet().forEach(services.blobs().store()::release);
        return this;
    }

    private static ClientProtocol.Wire anotherJob(JobId id) {
        return new ClientProtocol.JobRefused(
                id,
                ErrorCode.JOB_UNKNOWN,
                "job id '" + id + "' is that of another job, with other functions, inputs or output; expected an id"
                        + " of its own, or the same job again");
    }

    private Behavior<ClusterProtocol.Command> onNoNodeYet(NoNodeYet late) {
        if (nodes.isEmpty() && jobs.containsKey(late.job)) {
            getContext().getLog().warn("{}: no worker node has joined; the job waits for one", late.job);
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onFollowJob(FollowJob follow) {
        JobId id = follow.job();
        Job job = jobs.get(id);
        if (job != null) {
            follow.client().tell(new ClientProtocol.JobAccepted(id));
            job.coordinator.tell(new JobCoordinator.Watch(follow.client()));
        } else {
            ClientProtocol.Wire unknown = new ClientProtocol.JobUnknown(id);
            follow.client().tell(ended.of(id).map(EndedJobs.Ended::end).orElse(unknown));
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onCancelJob(CancelJob cancel) {
        Job job = jobs.get(cancel.job());
        if (job != null) {
            job.coordinator.tell(new JobCoordinator.Stop(cancel.reason()));
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onStopJob(ClusterProtocol.StopJob stop) {
        onCancelJob(new CancelJob(stop.job(), stop.reason()));
        desk.describe(stop.job(), stop.replyTo());
        return this;
    }

    private Behavior<ClusterProtocol.Command> onQuery(ClusterProtocol.Query query) {
        desk.answer(query);
        return this;
    }

    private Behavior<ClusterProtocol.Command> onLate(AnswerDesk.Late late) {
        desk.late(late);
        return this;
    }

    private Behavior<ClusterProtocol.Command> onJobAdvanced(JobAdvanced advanced) {
        desk.advanced(advanced);
        return this;
    }

    private Behavior<ClusterProtocol.Command> onDemandChanged(DemandChanged demand) {
        if (jobs.containsKey(demand.job)) {
            perform(slots.demandChanged(demand.job, demand.wanted));
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onSlotReleased(SlotReleased released) {
        perform(slots.slotReleased(released.lease));
        return this;
    }

    private Behavior<ClusterProtocol.Command> onSlotGone(SlotGone gone) {
        perform(slots.slotLost(gone.node, gone.lease));
        failWhereNoSlotIsLeft();
        return this;
    }

    private void failWhereNoSlotIsLeft() {
        if (slots.capacity() == 0 && nodes.isOpen()) {
            FailureReport report = FailureReport.of(
                    FailureKind.RESOURCE,
                    ErrorCode.NO_SLOTS,
                    "every slot of every node is held by an attempt that ignores its interrupt; expected at least one"
                            + " slot to run on");
            jobs.values().forEach(job -> job.coordinator.tell(new JobCoordinator.Fail(report)));
        }
    }

    private Behavior<ClusterProtocol.Command> onJobEnded(JobEnded end) {
        services.blobs().store().release(end.job);
        Job job = jobs.remove(end.job);
        if (job != null) {
            ended.add(end.job, new EndedJobs.Ended(end.end, job.fingerprint));
            desk.ended(end.job, end.end);
            perform(slots.jobEnded(end.job));
            departures.ended(end.job);
            tellDrained();
        }
        return this;
    }

    /** A defect in the coordinator of one job ends that job only. */
    private Behavior<ClusterProtocol.Command> onJobFailed(ChildFailed failed) {
        jobs.entrySet().stream()
                .filter(entry -> entry.getValue()
                        .coordinator
                        .path()
                        .equals(failed.getRef().path()))
                .findFirst()
                .ifPresent(entry -> {
                    JobId id = entry.getKey();
                    ClientProtocol.Wire end = JobCoordinator.broken(id, failed.getCause());
                    services.results().forget(id);
                    entry.getValue().client.tell(end);
                    nodes.agents()
                            .values()
                            .forEach(agent -> agent.tell(new NodeProtocol.ForgetJob(
                                    services.epoch(),
                                    id,
                                    getContext().getSystem().<TaskProtocol.Wire>ignoreRef())));
                    onJobEnded(new JobEnded(id, end));
                });
        return this;
    }

    private void perform(List<SlotDecision> decisions) {
        for (SlotDecision decision : decisions) {
            if (decision instanceof SlotDecision.Grant grant) {
                tell(grant.job(), new JobCoordinator.SlotGranted(grant.lease()));
            } else if (decision instanceof SlotDecision.Cap cap) {
                tell(cap.job(), new JobCoordinator.SlotsCapped(cap.slots()));
            }
        }
    }

    private void tell(JobId id, TaskProtocol.Command message) {
        @Nullable Job job = jobs.get(id);
        if (job != null) {
            job.coordinator.tell(message);
        }
    }
}
