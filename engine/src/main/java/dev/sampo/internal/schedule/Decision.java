package dev.sampo.internal.schedule;

import dev.sampo.api.JobState;
import dev.sampo.api.OutputPart;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.model.StageKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that should happen, in the order in which the scheduler returns it. */
public sealed interface Decision {
    /**
     * Tell the cluster how many slots the job wants.
     *
     * @param slots all of them, with those it holds; 0 when it needs none
     */
    record SetDemand(int slots) implements Decision {}

    /** Give a slot back. */
    record ReleaseSlot(SlotLease lease) implements Decision {}

    /** Tell the cluster that the job wants no slot of a node, or wants such slots again. */
    record SetNodeAside(NodeId node, boolean aside) implements Decision {}

    /**
     * Tell the cluster that a node has a slot less.
     *
     * @param lease the lease of that slot; null when the job had given it back before it knew
     */
    record SlotGone(NodeId node, @Nullable SlotLease lease) implements Decision {}

    /**
     * Start an attempt.
     *
     * @param attempt the attempt; its task's index is the split, the sample's number or the partition
     * @param kind what it does
     * @param target the node
     * @param home whether that is the node its routing key prefers
     * @param lease the slot it takes
     * @param routingKey the key
     */
    record Launch(AttemptId attempt, StageKind kind, NodeId target, boolean home, SlotLease lease, String routingKey)
            implements Decision {}

    /** Stop an attempt. */
    record CancelAttempt(AttemptId attempt, NodeId node, String reason) implements Decision {}

    /** The attempt's part is the one that counts. Final: write it down before acting on it. */
    record GrantCommit(AttemptId attempt) implements Decision {}

    /** The attempt's part does not count. */
    record DenyCommit(AttemptId attempt, String reason) implements Decision {}

    /** Nobody needs this output. */
    record DiscardOutput(AttemptId attempt, NodeId node) implements Decision {}

    /**
     * Have a node take over an output from one that leaves.
     *
     * @param partitions how many partitions the output has
     */
    record MoveOutput(AttemptId producer, NodeId from, NodeId to, int partitions) implements Decision {}

    /** The job has nothing left to do with a node that leaves: nothing runs there, and what could be moved is moved. */
    record NodeEmptied(NodeId node) implements Decision {}

    /** The job has a new state. */
    record JobStateChanged(JobState state) implements Decision {}

    /** The job has ended: all nodes may drop what they hold for it. */
    record CleanUp() implements Decision {}

    /** The job ended with a visible result. */
    record JobSucceeded(List<OutputPart> parts) implements Decision {
        /** Copies the parts. */
        public JobSucceeded {
            parts = List.copyOf(parts);
        }
    }

    /**
     * The job ended without a result.
     *
     * @param report why, naming the task
     * @param attempt the attempt that failed last; null when the reason lies outside the attempts
     */
    record JobFailed(FailureReport report, @Nullable AttemptId attempt) implements Decision {}

    /** The job ended because somebody asked for it. */
    record JobCanceled(String reason) implements Decision {}
}
