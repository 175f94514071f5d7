package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.model.SlotLease;

/** Brings slots and tasks together, gives back slots that have no use, and says how many the job wants. */
final class Dispatcher {
    private final JobCourse course;
    private final JobLedger ledger;
    private final TaskQueues queues;
    private final LeaseBook leases;
    private final AttemptControl attempts;
    private final JobReach reach;
    private PlacementTable placement = PlacementTable.EMPTY;
    private int cap = Integer.MAX_VALUE;
    private int demand;

    Dispatcher(
            JobCourse course,
            JobLedger ledger,
            TaskQueues queues,
            LeaseBook leases,
            AttemptControl attempts,
            JobReach reach) {
        this.course = course;
        this.ledger = ledger;
        this.queues = queues;
        this.leases = leases;
        this.attempts = attempts;
        this.reach = reach;
    }

    /**
     * Takes over a newer table.
     *
     * @return false when it is not newer
     */
    boolean place(PlacementTable table) {
        if (table.epoch() <= placement.epoch()) {
            return false;
        }
        placement = table;
        queues.place(table.ring());
        reach.place(table);
        leases.stir();
        return true;
    }

    /** Limits the slots the job keeps. */
    void cap(int slots) {
        cap = Math.max(0, slots);
        leases.stir();
    }

    /** Uses every free slot: for the task that suits it best, or by giving it back. */
    void dispatch(Turn turn) {
        if (leases.takeStirred()) {
            for (SlotLease lease : leases.idle()) {
                if (!isWanted(lease)) {
                    release(lease, turn);
                } else if (reach.isAdmitted(lease.node()) && !leases.isResting(lease.node(), turn.nowNanos)) {
                    launchOn(lease, turn);
                }
            }
            if (queues.size() == 0) {
                leases.idle().forEach(lease -> release(lease, turn));
            }
        }
        int wanted = course.isUnderWay() ? queues.size() + held() : 0;
        if (wanted != demand) {
            demand = wanted;
            turn.decide(new Decision.SetDemand(wanted));
        }
    }

    private boolean isWanted(SlotLease lease) {
        // A slot that was granted under the cap runs one attempt at least: giving it back at once could go on for ever.
        return course.isUnderWay()
                && queues.size() > 0
                && leases.isOpen(lease.node())
                && (held() <= cap || leases.isUnused(lease));
    }

    /** Returns how many slots the job holds. */
    int held() {
        return ledger.liveCount() + leases.idleCount();
    }

    private void release(SlotLease lease, Turn turn) {
        leases.remove(lease);
        turn.decide(new Decision.ReleaseSlot(lease));
    }

    private void launchOn(SlotLease lease, Turn turn) {
        Task task = queues.take(lease.node(), (candidate, node) -> fits(candidate, node, turn));
        if (task != null) {
            course.launched(turn);
            boolean home = lease.node().equals(queues.home(task));
            attempts.launch(task, lease, home, course.plan().routingKey(task.id), turn);
        }
    }

    /** A task that has just failed on a node is kept for another one, where there is another one. */
    private boolean fits(Task task, NodeId node, Turn turn) {
        return reach.isReachable(task, node)
                && (!task.failedOn(node) || !task.isChoosy(turn.nowNanos) || !reach.hasUntriedNode(task));
    }
}
