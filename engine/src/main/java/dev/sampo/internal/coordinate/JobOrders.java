package dev.sampo.internal.coordinate;

import dev.sampo.internal.cluster.ConsistentHashRouter;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.protocol.MessageSizes;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.schedule.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The nodes as a job knows them, and the orders it sends them: launches through the router, all else to the agent. Owned by
 * the job coordinator.
 */
final class JobOrders {
    private final JobOutline outline;
    private final CoordinatorEpoch epoch;
    private final ActorRef<ConsistentHashRouter.Command> router;
    private final LaunchMessages messages;
    private final ActorRef<TaskProtocol.Wire> replyTo;
    private final Map<AttemptId, NodeId> placed = new HashMap<>();
    private Map<NodeId, NodeFacts> nodes = Map.of();
    private Map<NodeId, ActorRef<NodeProtocol.Wire>> agents = Map.of();

    JobOrders(
            JobOutline outline,
            CoordinatorEpoch epoch,
            ActorRef<ConsistentHashRouter.Command> router,
            LaunchMessages messages,
            ActorRef<TaskProtocol.Wire> replyTo) {
        this.outline = outline;
        this.epoch = epoch;
        this.router = router;
        this.messages = messages;
        this.replyTo = replyTo;
    }

    /** The nodes are these now. */
    void use(Map<NodeId, NodeFacts> facts, Map<NodeId, ActorRef<NodeProtocol.Wire>> ofNodes) {
        nodes = facts;
        agents = ofNodes;
    }

    Set<NodeId> nodes() {
        return agents.keySet();
    }

    Map<NodeId, ActorRef<NodeProtocol.Wire>> agents() {
        return agents;
    }

    /** Returns what a node said of itself; null when it is not there. */
    @Nullable
    NodeFacts facts(NodeId node) {
        return nodes.get(node);
    }

    /** Returns the node an attempt was launched on; null when there was no such launch. */
    @Nullable
    NodeId nodeOf(AttemptId attempt) {
        return placed.get(attempt);
    }

    /** Launches attempts: maps of one slot together, as far as a message is large enough. */
    void launch(List<Decision.Launch> launches) {
        List<ConsistentHashRouter.Route> together = new ArrayList<>();
        long bytes = 0;
        for (Decision.Launch launch : launches) {
            placed.put(launch.attempt(), launch.target());
            ConsistentHashRouter.Route route = new ConsistentHashRouter.Route(
                    launch.routingKey(), Optional.of(launch.target()), messages.of(launch, outline, nodes));
            long more = bytesOf(route.launch());
            if (!together.isEmpty() && (!isOneSlot(together.get(0), route) || bytes + more > MessageSizes.LIST_BYTES)) {
                router.tell(new ConsistentHashRouter.RouteAll(together));
                together.clear();
                bytes = 0;
            }
            together.add(route);
            bytes += more;
        }
        if (!together.isEmpty()) {
            router.tell(new ConsistentHashRouter.RouteAll(together));
        }
    }

    private static boolean isOneSlot(ConsistentHashRouter.Route first, ConsistentHashRouter.Route next) {
        return first.launch() instanceof NodeProtocol.LaunchMapAttempt
                && next.launch() instanceof NodeProtocol.LaunchMapAttempt
                && first.launch().order().lease() == next.launch().order().lease();
    }

    private static long bytesOf(NodeProtocol.Launch launch) {
        return launch instanceof NodeProtocol.LaunchMapAttempt map ? MessageSizes.bytesOf(map.split()) : 0;
    }

    void cancel(Decision.CancelAttempt cancel) {
        tell(cancel.node(), new NodeProtocol.CancelAttempt(epoch, cancel.attempt(), cancel.reason(), replyTo));
    }

    void grant(Decision.GrantCommit grant) {
        tell(placed.get(grant.attempt()), new NodeProtocol.CommitGranted(epoch, grant.attempt()));
    }

    void deny(Decision.DenyCommit deny) {
        tell(placed.get(deny.attempt()), new NodeProtocol.CommitDenied(epoch, deny.attempt(), deny.reason()));
    }

    void discard(Decision.DiscardOutput discard) {
        tell(discard.node(), new NodeProtocol.DiscardOutput(epoch, discard.attempt()));
    }

    void move(Decision.MoveOutput move) {
        NodeFacts from = nodes.get(move.from());
        if (from != null) {
            tell(
                    move.to(),
                    new NodeProtocol.AdoptOutput(epoch, move.producer(), from.holder(), move.partitions(), replyTo));
        }
    }

    /** Tells every node that the job has ended. */
    void forget(JobId job) {
        agents.keySet().forEach(node -> tell(node, new NodeProtocol.ForgetJob(epoch, job, replyTo)));
    }

    private void tell(@Nullable NodeId node, NodeProtocol.Wire message) {
        ActorRef<NodeProtocol.Wire> agent = node == null ? null : agents.get(node);
        if (agent != null) {
            agent.tell(message);
        }
    }
}
