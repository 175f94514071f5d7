package dev.sampo.internal.runtime;

import dev.sampo.internal.client.ClusterClient;
import dev.sampo.internal.cluster.ConsistentHashRouter;
import dev.sampo.internal.cluster.MemberRoles;
import dev.sampo.internal.cluster.SeedDoor;
import dev.sampo.internal.cluster.SeedWatch;
import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.coordinate.ClusterCoordinator;
import dev.sampo.internal.coordinate.CoordinatorServices;
import dev.sampo.internal.execute.NodeAgent;
import dev.sampo.internal.execute.NodeServices;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.observe.Meters;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.jspecify.annotations.Nullable;

/**
 * The top of a node's supervision tree. Infrastructure actors restart in place with back-off; the router resumes, for it
 * has nothing but the placement, which a restart would lose.
 */
final class NodeGuardian {
    /** A node gets attempts from when it is weakly up: full membership waits for every unreachable member. */
    private static final Set<MemberStatus> TAKING_PART =
            Set.of(MemberStatus.weaklyUp(), MemberStatus.up(), MemberStatus.leaving());

    private final ActorContext<Command> context;
    private @Nullable ActorRef<NodeProtocol.Command> agent;

    private NodeGuardian(ActorContext<Command> context) {
        this.context = context;
    }

    /** What the guardian accepts. */
    sealed interface Command {}

    /** Stop the node's actors, children first. */
    enum Stop implements Command {
        INSTANCE
    }

    /**
     * Have the node's agent drain.
     *
     * @param done runs when it has; at once when there is no agent
     */
    record Drain(Runnable done) implements Command {}

    /**
     * The worker half of a node.
     *
     * @param lives what it says of itself at each start of its agent
     * @param services what its attempts share
     * @param leave makes the whole node leave, when the cluster asks for that
     * @param registered is told the life that a coordinator knows, and the data port of that coordinator's node
     */
    record Worker(
            Supplier<NodeFacts> lives,
            NodeServices services,
            Runnable leave,
            BiConsumer<NodeFacts, DataAddress> registered) {}

    /**
     * All in one JVM: coordinator, router, worker and client.
     *
     * @param client is given the client's actor once it is there
     */
    static Behavior<Command> local(
            Supplier<CoordinatorServices> reign,
            Meters meters,
            Worker worker,
            Consumer<ActorRef<ClientProtocol.Command>> client) {
        return Behaviors.setup(context -> {
            NodeGuardian guardian = new NodeGuardian(context);
            ActorRef<ClusterProtocol.Command> coordinator = context.spawn(
                    restarting(guardian.coordinator(reign, meters, agent -> true)), "cluster-coordinator");
            guardian.spawnAgent(worker, coordinator.narrow(), () -> true);
            client.accept(
                    context.spawn(restarting(ClusterClient.create(coordinator.narrow(), DataAddress.NONE)), "client"));
            return guardian.running();
        });
    }

    /**
     * A seed: may coordinate, runs no attempts.
     *
     * @param coordinator is given the way to the coordinator there is, here or on another seed
     */
    static Behavior<Command> seed(
            Supplier<CoordinatorServices> reign, Meters meters, Consumer<ActorRef<ClusterProtocol.Wire>> coordinator) {
        return Behaviors.setup(context -> {
            NodeGuardian guardian = new NodeGuardian(context);
            coordinator.accept(guardian.singleton(guardian.coordinator(reign, meters, NodeGuardian.members(context))));
            context.spawn(restarting(SeedDoor.create()), SeedDoor.NAME);
            return guardian.running();
        });
    }

    /**
     * A worker node: runs attempts.
     *
     * @param cluster the seeds it watches
     * @param worker makes its worker half, given the address the node turned out to have
     */
    static Behavior<Command> worker(ClusterSettings cluster, Function<String, Worker> worker) {
        return Behaviors.setup(context -> {
            NodeGuardian guardian = new NodeGuardian(context);
            context.spawn(restarting(SeedWatch.create(cluster)), "seed-watch");
            guardian.spawnAgent(
                    worker.apply(guardian.address()), guardian.singleton(Behaviors.empty()), guardian::isMember);
            return guardian.running();
        });
    }

    /**
     * A member that submits jobs.
     *
     * @param cluster the seeds it watches
     * @param blobs where it serves the blobs of its jobs
     * @param client is given the client's actor once it is there
     * @param worker makes its worker half, as that of {@link #worker}; null for a member that runs no attempts
     */
    static Behavior<Command> client(
            ClusterSettings cluster,
            DataAddress blobs,
            Consumer<ActorRef<ClientProtocol.Command>> client,
            @Nullable Function<String, Worker> worker) {
        return Behaviors.setup(context -> {
            NodeGuardian guardian = new NodeGuardian(context);
            context.spawn(restarting(SeedWatch.create(cluster)), "seed-watch");
            ActorRef<ClusterProtocol.Wire> coordinator = guardian.singleton(Behaviors.empty());
            if (worker != null) {
                guardian.spawnAgent(worker.apply(guardian.address()), coordinator, guardian::isMember);
            }
            client.accept(context.spawn(restarting(ClusterClient.create(coordinator, blobs)), "client"));
            return guardian.running();
        });
    }

    /** The coordinator with the router it launches through; a restart is a new reign. */
    private Behavior<ClusterProtocol.Command> coordinator(
            Supplier<CoordinatorServices> reign, Meters meters, Predicate<ActorRef<?>> members) {
        return Behaviors.setup(parent -> {
            ActorRef<ConsistentHashRouter.Command> router = parent.spawn(
                    Behaviors.supervise(ConsistentHashRouter.create(meters)).onFailure(SupervisorStrategy.resume()),
                    "router");
            return ClusterCoordinator.create(reign.get(), router, members);
        });
    }

    private static Predicate<ActorRef<?>> members(ActorContext<Command> context) {
        org.apache.pekko.cluster.Cluster cluster =
                org.apache.pekko.cluster.Cluster.get(context.getSystem().classicSystem());
        return agent -> {
            Address address = agent.path().address();
            for (Member member : cluster.state().getMembers()) {
                if (member.address().equals(address)) {
                    return TAKING_PART.contains(member.status());
                }
            }
            return false;
        };
    }

    /** Starts the coordinator where this member has the role for it; returns the way to the one there is. */
    private ActorRef<ClusterProtocol.Wire> singleton(Behavior<ClusterProtocol.Command> behavior) {
        ClusterSingletonSettings settings =
                ClusterSingletonSettings.create(context.getSystem()).withRole(MemberRoles.COORDINATOR);
        return ClusterSingleton.get(context.getSystem())
                .init(SingletonActor.of(restarting(behavior), "cluster-coordinator")
                        .withSettings(settings))
                .narrow();
    }

    private String address() {
        return Cluster.get(context.getSystem()).selfMember().address().hostPort();
    }

    private boolean isMember() {
        return TAKING_PART.contains(
                Cluster.get(context.getSystem()).selfMember().status());
    }

    private void spawnAgent(Worker worker, ActorRef<ClusterProtocol.Wire> coordinator, BooleanSupplier member) {
        agent = context.spawn(
                restarting(NodeAgent.create(
                        worker.lives, worker.services, coordinator, member, worker.leave, worker.registered)),
                "node-agent");
    }

    private static <T> Behavior<T> restarting(Behavior<T> behavior) {
        return Behaviors.supervise(behavior)
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.1));
    }

    private Behavior<Command> onDrain(Drain drain) {
        ActorRef<NodeProtocol.Command> worker = agent;
        if (worker == null) {
            drain.done.run();
        } else {
            worker.tell(new NodeAgent.Drain(drain.done));
        }
        return Behaviors.same();
    }

    private Behavior<Command> running() {
        return Behaviors.receive(Command.class)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .onMessage(Drain.class, this::onDrain)
                .build();
    }
}
