package dev.sampo.internal.schedule;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.NodeId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves what nodes that leave hold for unfinished tasks to other nodes: to the first on the ring from the key of the task
 * that made it, what took the longest to make first. What no other node can take is made again after the node has left.
 */
final class Evacuation {
    /** How many outputs of one node are on their way at once: more would only share its network. */
    private static final int AT_ONCE = 4;

    private static final int TRIES = 3;

    private final JobCourse course;
    private final JobLedger ledger;
    private final TaskQueues queues;
    private final LeaseBook leases;
    private final Map<NodeId, Leaving> leaving = new LinkedHashMap<>();
    private final Map<AttemptId, Move> moves = new HashMap<>();

    Evacuation(JobCourse course, JobLedger ledger, TaskQueues queues, LeaseBook leases) {
        this.course = course;
        this.ledger = ledger;
        this.queues = queues;
        this.leases = leases;
    }

    private record Move(Task task, NodeId from, NodeId to) {}

    private static final class Leaving {
        final PriorityQueue<Task> waiting = new PriorityQueue<>(
                Comparator.<Task>comparingLong(task -> -task.costNanos).thenComparing(Comparator.naturalOrder()));
        final Set<Task> seen = new HashSet<>();
        final Map<Task, Set<NodeId>> tried = new HashMap<>();
        int moving;
        boolean emptied;
    }

    /** Begins to empty a node. */
    void drain(NodeId node) {
        if (!leases.isLost(node) && leaving.putIfAbsent(node, new Leaving()) == null) {
            ledger.outputsOn(node).forEach(this::held);
        }
    }

    /** Takes note of an output that is new on its node. */
    void held(Task task) {
        HeldOutput output = task.output;
        Leaving from = output == null ? null : leaving.get(output.node());
        if (from != null && from.seen.add(task)) {
            from.waiting.add(task);
        }
    }

    /** A node took an output over. */
    void moved(SchedulerEvent.OutputMoved moved, Turn turn) {
        Move move = end(moved.producer(), moved.to());
        HeldOutput output = move == null ? null : move.task.output;
        if (move == null
                || output == null
                || !output.attempt().equals(moved.producer())
                || leases.isLost(moved.to())
                || !course.isUnderWay()) {
            turn.decide(new Decision.DiscardOutput(moved.producer(), moved.to()));
            return;
        }
        ledger.moveOutput(move.task, moved.to());
        held(move.task); // the other node may be leaving as well by now
    }

    /** A node could not take an output over. */
    void failed(SchedulerEvent.MoveFailed failed) {
        Move move = end(failed.producer(), failed.to());
        if (move != null) {
            again(move);
        }
    }

    private @Nullable Move end(AttemptId producer, NodeId to) {
        Move move = moves.get(producer);
        if (move == null || !move.to.equals(to)) {
            return null;
        }
        moves.remove(producer);
        Leaving from = leaving.get(move.from);
        if (from != null) {
            from.moving--;
        }
        return move;
    }

    private void again(Move move) {
        Leaving from = leaving.get(move.from);
        if (from != null) {
            from.waiting.add(move.task);
        }
    }

    /** Forgets a node that is gone. */
    void lost(NodeId node) {
        leaving.remove(node);
        moves.values().removeIf(move -> move.from.equals(node));
        for (Map.Entry<AttemptId, Move> each : Map.copyOf(moves).entrySet()) {
            if (each.getValue().to.equals(node)) {
                Move move = end(each.getKey(), node);
                if (move != null) {
                    again(move);
                }
            }
        }
    }

    /** Orders the next moves, and says when a node is empty. */
    void update(Turn turn) {
        for (Map.Entry<NodeId, Leaving> each : leaving.entrySet()) {
            NodeId node = each.getKey();
            Leaving from = each.getValue();
            while (from.moving < AT_ONCE && !from.waiting.isEmpty()) {
                begin(node, from, from.waiting.remove(), turn);
            }
            if (!from.emptied
                    && from.moving == 0
                    && from.waiting.isEmpty()
                    && ledger.liveOn(node).isEmpty()) {
                from.emptied = true;
                turn.decide(new Decision.NodeEmptied(node));
            }
        }
    }

    private void begin(NodeId node, Leaving from, Task task, Turn turn) {
        HeldOutput output = task.output;
        StageLedger readers = ledger.stage(task.id.stage() + 1);
        if (output == null
                || !output.node().equals(node)
                || !course.isUnderWay()
                || readers == null
                || readers.isComplete()) {
            return;
        }
        Set<NodeId> tried = from.tried.computeIfAbsent(task, absent -> new HashSet<>());
        for (NodeId to : queues.preference(task, TRIES + leaving.size())) {
            if (tried.size() < TRIES && leases.isOpen(to) && !to.equals(node) && tried.add(to)) {
                moves.put(output.attempt(), new Move(task, node, to));
                from.moving++;
                turn.decide(new Decision.MoveOutput(output.attempt(), node, to, readers.tasks.size()));
                return;
            }
        }
    }
}
