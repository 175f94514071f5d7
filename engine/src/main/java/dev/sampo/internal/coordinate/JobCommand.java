package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** What the cluster coordinator tells the coordinator of a job, its child. */
sealed interface JobCommand extends TaskProtocol.Command {
    /** The nodes and their placement are these now. */
    record NodesChanged(
            PlacementTable table, Map<NodeId, NodeFacts> facts, Map<NodeId, ActorRef<NodeProtocol.Wire>> agents)
            implements JobCommand {}

    /** A node is lost. */
    record NodeGone(NodeId node) implements JobCommand {}

    /** A node leaves. */
    record NodeDrains(NodeId node) implements JobCommand {}

    /** A node says which attempts of the job it runs, and the part of its work that is done of those where it is known. */
    record NodeHeard(NodeId node, Set<AttemptId> running, Map<AttemptId, Double> progress) implements JobCommand {}

    /** The job was given a slot. */
    record SlotGranted(SlotLease lease) implements JobCommand {}

    /** The job may keep so many slots. */
    record SlotsCapped(int slots) implements JobCommand {}

    /** Somebody wants the job stopped. */
    record Stop(String reason) implements JobCommand {}

    /** The job cannot go on. */
    record Fail(FailureReport report) implements JobCommand {}

    /** Somebody beside the submitter wants to hear how the job goes. */
    record Watch(ActorRef<ClientProtocol.Wire> client) implements JobCommand {}
}
