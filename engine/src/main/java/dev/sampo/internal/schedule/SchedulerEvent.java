package dev.sampo.internal.schedule;

import dev.sampo.api.OutputPart;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.plan.PlannedSplit;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A fact that the scheduler of a job is told. Any of them may come late or more than once. */
public sealed interface SchedulerEvent {
    /** What an attempt, or the agent of its node, says of it. */
    sealed interface AttemptEvent extends SchedulerEvent {
        /** Returns the attempt. */
        AttemptId attempt();
    }

    /** The job may start. */
    record JobAccepted() implements SchedulerEvent {}

    /** The cluster's placement changed; a table that is not newer than the last is ignored. */
    record PlacementChanged(PlacementTable table) implements SchedulerEvent {}

    /** The job was given a slot. */
    record SlotGranted(SlotLease lease) implements SchedulerEvent {}

    /**
     * Other jobs need slots too: the job keeps at most so many and gives the rest back as their attempts end.
     *
     * @param slots 0 where it keeps none but runs one task in each that it is given; {@link Integer#MAX_VALUE} lifts the limit
     */
    record SlotsCapped(int slots) implements SchedulerEvent {}

    /** The node is gone with everything it ran and held. Node ids are not reused, so it stays gone. */
    record NodeLost(NodeId node) implements SchedulerEvent {}

    /** The node takes no new attempts; what runs there may finish, and what it holds stays. */
    record NodeDraining(NodeId node) implements SchedulerEvent {}

    /** A node does not see the job's output, or has not said yet that it does: it gets no attempt. */
    record NodeExcluded(NodeId node) implements SchedulerEvent {}

    /** A node sees the job's output. */
    record NodeAdmitted(NodeId node) implements SchedulerEvent {}

    /**
     * A node says which attempts of the job it runs, also those that it cannot stop. It does so often; what it has not
     * listed for a while is lost.
     *
     * @param progress the part that is done of those of which that is known, above 0 and up to 1
     */
    record NodeHeard(NodeId node, Set<AttemptId> running, Map<AttemptId, Double> progress) implements SchedulerEvent {
        /** Copies the components. */
        public NodeHeard {
            running = Set.copyOf(running);
            progress = Map.copyOf(progress);
        }

        /** Of attempts whose progress is not known. */
        public NodeHeard(NodeId node, Set<AttemptId> running) {
            this(node, running, Map.of());
        }
    }

    /** A node has taken over the output of an attempt from one that leaves. */
    record OutputMoved(AttemptId producer, NodeId to) implements SchedulerEvent {}

    /** A node could not take over an output. */
    record MoveFailed(AttemptId producer, NodeId to) implements SchedulerEvent {}

    /** The attempt runs. */
    record AttemptStarted(AttemptId attempt, NodeId node) implements AttemptEvent {}

    /** The node did not take the attempt. */
    record AttemptRefused(AttemptId attempt, NodeId node, String reason) implements AttemptEvent {}

    /** The node took the attempt, and gives it back: the one before it in its slot takes too long. It has not begun. */
    record AttemptHandedBack(AttemptId attempt, NodeId node) implements AttemptEvent {}

    /** The plan attempt ended: these are the splits. */
    record PlanReady(AttemptId attempt, List<PlannedSplit> splits) implements AttemptEvent {
        /** Copies the splits. */
        public PlanReady {
            splits = List.copyOf(splits);
        }
    }

    /** A sample attempt ended: these are its keys. */
    record SampleReady(AttemptId attempt, List<byte[]> keys) implements AttemptEvent {
        /** Copies the list. */
        public SampleReady {
            keys = List.copyOf(keys);
        }
    }

    /**
     * A map attempt, or a reduce attempt before the last stage, ended, and its node holds its output.
     *
     * @param bytes the size of that
     * @param nanos how long it took on its thread
     */
    record OutputHeld(AttemptId attempt, NodeId node, TaskCounters counters, long bytes, long nanos)
            implements AttemptEvent {}

    /** An attempt of the last reduce stage has written its part, complete and durable, and asks whether it counts. */
    record CommitRequested(AttemptId attempt, PartFile part, TaskCounters counters) implements AttemptEvent {}

    /** The commit attempt ended: the result is visible. */
    record JobCommitted(AttemptId attempt, List<OutputPart> parts) implements AttemptEvent {
        /** Copies the parts. */
        public JobCommitted {
            parts = List.copyOf(parts);
        }
    }

    /** The attempt ended without a result. Also the answer to a cancel, with a report of kind {@code PLAN}. */
    record AttemptFailed(AttemptId attempt, FailureReport report) implements AttemptEvent {}

    /** The attempt ignores its interrupt: it counts as ended, and its slot is gone. */
    record SlotLost(AttemptId attempt, NodeId node) implements AttemptEvent {}

    /** Somebody wants the job stopped. */
    record CancelRequested(String reason) implements SchedulerEvent {}

    /** The job cannot go on for a reason outside its attempts, such as a cluster without slots. */
    record FailRequested(FailureReport report) implements SchedulerEvent {}

    /** Time has passed. */
    record Tick() implements SchedulerEvent {}
}
