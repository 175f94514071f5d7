package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The nodes that a job keeps away from for a while: one whose disk is full, and one on which attempts of several tasks
 * failed that succeeded elsewhere: at least half of what ended there, and more than twice the share of that on the other
 * nodes, for where all are to blame it is not the nodes. Of the second kind there is never more than half of the nodes. The slots of such a node go to other jobs. Used by one thread.
 */
final class NodesAside {
    /** So many tasks that failed there and not elsewhere are no accident. */
    private static final int SEVERAL = 3;

    private final LeaseBook leases;
    private final Deadlines deadlines;
    private final NodeRests rests;
    private final IntSupplier nodes;
    private final Map<NodeId, Tally> tallies = new HashMap<>();
    private final Set<NodeId> aside = new LinkedHashSet<>();

    private static final class Tally {
        private int succeeded;
        /** Tasks that failed there and succeeded elsewhere. */
        private int blamed;
    }

    /**
     * Creates an empty set.
     *
     * @param nodes says on how many nodes the job could run
     */
    NodesAside(LeaseBook leases, Deadlines deadlines, NodeRests rests, IntSupplier nodes) {
        this.leases = leases;
        this.deadlines = deadlines;
        this.rests = rests;
        this.nodes = nodes;
    }

    /** A node has no room on its disk. Several attempts that fail there at once are one time. */
    void diskFull(NodeId node, Turn turn) {
        if (!leases.isResting(node, turn.nowNanos)) {
            setAside(node, rests.next(node), turn);
        }
    }

    /** An attempt of a task has succeeded on a node; where others of it failed, the node may be at fault. */
    void succeeded(Task task, NodeId on, Turn turn) {
        rests.succeeded(on);
        tallies.computeIfAbsent(on, absent -> new Tally()).succeeded++;
        for (NodeId node : task.failedNodes()) {
            if (!node.equals(on)) {
                Tally tally = tallies.computeIfAbsent(node, absent -> new Tally());
                tally.blamed++;
                if (tally.blamed >= SEVERAL && isWorse(tally) && mayGo(node, turn)) {
                    tallies.remove(node); // after that it has another chance
                    setAside(node, rests.longest(), turn);
                }
            }
        }
    }

    private boolean isWorse(Tally tally) {
        double blamed = 0;
        double all = 0;
        for (Tally other : tallies.values()) {
            if (other != tally) {
                blamed += other.blamed;
                all += other.blamed + other.succeeded;
            }
        }
        double share = (double) tally.blamed / (tally.blamed + tally.succeeded);
        return share >= 0.5 && share > 2 * (all == 0 ? 0 : blamed / all);
    }

    private boolean mayGo(NodeId node, Turn turn) {
        return leases.isOpen(node)
                && !leases.isResting(node, turn.nowNanos)
                && (aside.size() + 1) * 2 <= nodes.getAsInt();
    }

    private void setAside(NodeId node, long nanos, Turn turn) {
        long until = turn.nowNanos + nanos;
        leases.rest(node, until);
        leases.stir();
        deadlines.add(until, Deadlines.Kind.WAKE, null);
        if (aside.add(node)) {
            turn.decide(new Decision.SetNodeAside(node, true));
        }
    }

    /** Returns whether the job keeps away from a node, and wants no slot of it. */
    boolean contains(NodeId node) {
        return aside.contains(node);
    }

    /** Takes back the nodes whose time is over. */
    void update(Turn turn) {
        for (Iterator<NodeId> each = aside.iterator(); each.hasNext(); ) {
            NodeId node = each.next();
            if (!leases.isResting(node, turn.nowNanos)) {
                each.remove();
                turn.decide(new Decision.SetNodeAside(node, false));
            }
        }
    }
}
