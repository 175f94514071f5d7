package dev.sampo.internal.coordinate;

import dev.sampo.internal.cluster.ConsistentHashRouter;
import dev.sampo.internal.coordinate.JobNotice.DemandChanged;
import dev.sampo.internal.coordinate.JobNotice.JobAdvanced;
import dev.sampo.internal.coordinate.JobNotice.JobEnded;
import dev.sampo.internal.coordinate.JobNotice.NodeEmptied;
import dev.sampo.internal.coordinate.JobNotice.NodeSetAside;
import dev.sampo.internal.coordinate.JobNotice.SlotGone;
import dev.sampo.internal.coordinate.JobNotice.SlotReleased;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
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
import java.util.List;
import java.util.Optional;
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
    private final RunningJobs jobs = new RunningJobs();
    private final WorkerNodes workers;
    private final NodeTable nodes;
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
        this.workers = new WorkerNodes(services, router, slots, jobs, this::perform);
        this.nodes = workers.table();
        this.admission = new Admission(services.settings().queues());
        this.intake = new BlobIntake(services, taken -> context.getSelf().tell(new BlobsTaken(taken)));
        this.ended = new EndedJobs(services.settings().rememberedJobs());
        this.desk = new AnswerDesk(context, services, nodes);
    }

    private record BlobsTaken(BlobIntake.Taken taken) implements ClusterProtocol.Command {}

    private record NoNodeYet(JobId job) implements ClusterProtocol.Command {}

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
                .onMessage(NodeSetAside.class, this::onNodeSetAside)
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
            workers.add(register.node(), register.agent());
            getContext().watch(register.agent());
        }
        register.agent()
                .tell(new NodeProtocol.NodeRegistered(
                        services.epoch(),
                        services.blobs().address(),
                        held.toForget(
                                register.holding(),
                                jobs::contains,
                                services.nanos().getAsLong())));
        return this;
    }

    private Behavior<ClusterProtocol.Command> onTerminated(Terminated terminated) {
        NodeId node = nodes.ofAgent(terminated.getRef());
        if (node != null) {
            workers.lose(node, "its agent ended");
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onNodeEnded(NodeEnded end) {
        workers.lose(new NodeId(end.node().isEmpty() ? end.address() : end.node()), "its process ended: " + end.why());
        return this;
    }

    private Behavior<ClusterProtocol.Command> onRenewLeases(RenewLeases renew) {
        workers.renew(renew);
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
        workers.drain(drain);
        return this;
    }

    private Behavior<ClusterProtocol.Command> onNodeEmptied(NodeEmptied emptied) {
        workers.emptied(emptied.node(), emptied.job());
        return this;
    }

    private Behavior<ClusterProtocol.Command> onNodeLeaves(NodeLeaves leaves) {
        workers.left(leaves.node());
        return this;
    }

    private Behavior<ClusterProtocol.Command> onSubmitJob(SubmitJob submit) {
        JobId id = submit.job();
        String fingerprint = submit.definition().fingerprint(submit.outline());
        Optional<EndedJobs.Ended> end = ended.of(id);
        Optional<RunningJobs.Job> known = jobs.find(id);
        Optional<String> former =
                known.map(RunningJobs.Job::fingerprint).or(() -> end.map(EndedJobs.Ended::fingerprint));
        if (former.isEmpty()) {
            admit(submit, fingerprint);
        } else if (!former.get().equals(fingerprint)) {
            submit.client().tell(anotherJob(id));
        } else {
            submit.client().tell(new ClientProtocol.JobAccepted(id));
            end.ifPresent(over -> submit.client().tell(over.end()));
            jobs.tell(id, new JobCommand.Watch(submit.client()));
        }
        return this;
    }

    /** Takes a job that is new, or says why not, or lets it wait for its blobs. */
    private void admit(SubmitJob submit, String fingerprint) {
        Optional<ClientProtocol.Wire> refusal = admission.refusal(submit.job(), submit.outline(), jobs.size());
        if (refusal.isPresent()) {
            services.blobs().store().release(submit.job());
            submit.client().tell(refusal.get());
        } else if (!intake.holdsBack(submit)) {
            submit.client().tell(new ClientProtocol.JobAccepted(submit.job()));
            start(submit, fingerprint);
        }
    }

    private void start(SubmitJob submit, String fingerprint) {
        JobId id = submit.job();
        services.events().record(new JobEvent.JobSubmitted(id, submit.outline().name()));
        ActorRef<TaskProtocol.Command> coordinator = getContext()
                .spawn(
                        JobCoordinator.create(
                                submit, services, router, getContext().getSelf()),
                        "job-" + id);
        getContext().watch(coordinator);
        jobs.add(submit, fingerprint, coordinator);
        desk.accepted(id, submit.outline());
        coordinator.tell(workers.news());
        if (nodes.isEmpty()) {
            getContext().scheduleOnce(FIRST_NODE_LIMIT, getContext().getSelf(), new NoNodeYet(id));
        }
        perform(slots.jobSubmitted(
                id, submit.outline().queue(), submit.outline().priority()));
        failWhereNoSlotIsLeft();
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
        jobs.ids().forEach(services.blobs().store()::release);
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
        if (nodes.isEmpty() && jobs.contains(late.job())) {
            getContext().getLog().warn("{}: no worker node has joined; the job waits for one", late.job());
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onFollowJob(FollowJob follow) {
        JobId id = follow.job();
        if (jobs.contains(id)) {
            follow.client().tell(new ClientProtocol.JobAccepted(id));
            jobs.tell(id, new JobCommand.Watch(follow.client()));
        } else {
            ClientProtocol.Wire unknown = new ClientProtocol.JobUnknown(id);
            follow.client().tell(ended.of(id).map(EndedJobs.Ended::end).orElse(unknown));
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onCancelJob(CancelJob cancel) {
        jobs.tell(cancel.job(), new JobCommand.Stop(cancel.reason()));
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
        if (jobs.contains(demand.job())) {
            perform(slots.demandChanged(demand.job(), demand.wanted()));
        }
        return this;
    }

    private Behavior<ClusterProtocol.Command> onSlotReleased(SlotReleased released) {
        perform(slots.slotReleased(released.lease()));
        return this;
    }

    private Behavior<ClusterProtocol.Command> onSlotGone(SlotGone gone) {
        perform(slots.slotLost(gone.node(), gone.lease()));
        failWhereNoSlotIsLeft();
        return this;
    }

    private Behavior<ClusterProtocol.Command> onNodeSetAside(NodeSetAside of) {
        perform(slots.nodeSetAside(of.job(), of.node(), of.aside()));
        return this;
    }

    private void failWhereNoSlotIsLeft() {
        if (slots.capacity() == 0 && nodes.isOpen()) {
            FailureReport report = FailureReport.of(
                    FailureKind.RESOURCE,
                    ErrorCode.NO_SLOTS,
                    "every slot of every node is held by an attempt that ignores its interrupt; expected at least one"
                            + " slot to run on");
            jobs.tellAll(new JobCommand.Fail(report));
        }
    }

    private Behavior<ClusterProtocol.Command> onJobEnded(JobEnded end) {
        JobId id = end.job();
        services.blobs().store().release(id);
        jobs.remove(id).ifPresent(job -> {
            ended.add(id, new EndedJobs.Ended(end.end(), job.fingerprint()));
            desk.ended(id, end.end());
            perform(slots.jobEnded(id));
            workers.jobEnded(id);
        });
        return this;
    }

    /** A defect in the coordinator of one job ends that job only. */
    private Behavior<ClusterProtocol.Command> onJobFailed(ChildFailed failed) {
        jobs.ofCoordinator(failed.getRef()).ifPresent(id -> {
            ClientProtocol.Wire end = JobCoordinator.broken(id, failed.getCause());
            services.results().forget(id);
            jobs.find(id).ifPresent(job -> job.client().tell(end));
            ActorRef<TaskProtocol.Wire> nobody = getContext().getSystem().ignoreRef();
            nodes.agents()
                    .values()
                    .forEach(agent -> agent.tell(new NodeProtocol.ForgetJob(services.epoch(), id, nobody)));
            onJobEnded(new JobEnded(id, end));
        });
        return this;
    }

    private void perform(List<SlotDecision> decisions) {
        for (SlotDecision decision : decisions) {
            if (decision instanceof SlotDecision.Grant grant) {
                jobs.tell(grant.job(), new JobCommand.SlotGranted(grant.lease()));
            } else if (decision instanceof SlotDecision.Cap cap) {
                jobs.tell(cap.job(), new JobCommand.SlotsCapped(cap.slots()));
            }
        }
    }
}
