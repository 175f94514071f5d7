package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.plan.ExecutionPlan;

/** Brings slots and tasks together, gives back slots that have no use, and says how many the job wants. */
final class Dispatcher {
    /** So many times as many tasks as slots count as far more. */
    private static final int MANY = 4;

    /** A large demand is told to one part in so many. */
    private static final int STEPS = 8;

    private final JobCourse course;
    private final JobLedger ledger;
    private final TaskQueues queues;
    private final LeaseBook leases;
    private final AttemptControl attempts;
    private final JobReach reach;
    private final Pace pace;
    private PlacementTable placement = PlacementTable.EMPTY;
    private int cap = Integer.MAX_VALUE;
    private int demand;

    Dispatcher(
            JobCourse course,
            JobLedger ledger,
            TaskQueues queues,
            LeaseBook leases,
            AttemptControl attempts,
            JobReach reach,
            Pace pace) {
        this.course = course;
        this.ledger = ledger;
        this.queues = queues;
        this.leases = leases;
        this.attempts = attempts;
        this.reach = reach;
        this.pace = pace;
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
            int depth = depth();
            for (SlotLease lease : leases.idle()) {
                boolean wasUsed = !leases.isUnused(lease);
                if (!isWanted(lease)) {
                    release(lease, turn);
                } else if (takesAttempts(lease, turn) && launchOn(lease, turn) && wasUsed) {
                    fill(lease, depth, turn);
                }
            }
            for (SlotLease lease : leases.takeEased()) {
                if (isWanted(lease) && takesAttempts(lease, turn)) {
                    fill(lease, depth, turn);
                }
            }
            if (queues.size() == 0) {
                leases.idle().forEach(lease -> release(lease, turn));
            }
        }
        int wanted = wanted();
        if (wanted != demand) {
            demand = wanted;
            turn.decide(new Decision.SetDemand(wanted));
        }
    }

    private boolean takesAttempts(SlotLease lease, Turn turn) {
        return reach.isAdmitted(lease.node()) && !leases.isResting(lease.node(), turn.nowNanos);
    }

    /** Returns how many attempts a slot may have: more than one only of maps that are short and that all slots have many of. */
    private int depth() {
        StageLedger maps = ledger.stage(ExecutionPlan.MAP_STAGE);
        if (maps == null || !maps.open || maps.isComplete() || held() > cap) {
            return 1;
        }
        return Math.max(1, Math.min(pace.depth(), queues.size() / Math.max(1, held())));
    }

    /** Gives a slot more attempts to run one after the other, once it has done half of what it had. */
    private void fill(SlotLease lease, int depth, Turn turn) {
        if (leases.attemptsOf(lease) * 2 <= depth) {
            while (leases.attemptsOf(lease) < depth && launchOn(lease, turn)) {
                // the next one
            }
        }
    }

    /**
     * Returns how many slots the job wants. While there is far more to do than slots, the exact number makes no
     * difference, and is not worth a message per attempt.
     */
    private int wanted() {
        if (!course.isUnderWay()) {
            return 0;
        }
        int exact = queues.size() + held();
        if (queues.size() <= MANY * held()) {
            return exact;
        }
        return exact - exact % Math.max(1, Integer.highestOneBit(exact) / STEPS);
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
        return leases.held();
    }

    private void release(SlotLease lease, Turn turn) {
        leases.remove(lease);
        turn.decide(new Decision.ReleaseSlot(lease));
    }

    private boolean launchOn(SlotLease lease, Turn turn) {
        Task task = queues.take(lease.node(), (candidate, node) -> fits(candidate, node, turn));
        if (task != null) {
            course.launched(turn);
            boolean home = lease.node().equals(queues.home(task));
            attempts.launch(task, lease, home, course.plan().routingKey(task.id), turn);
        }
        return task != null;
    }

    /** A task that has just failed on a node is kept for another one, where there is another one. */
    private boolean fits(Task task, NodeId node, Turn turn) {
        return reach.isReachable(task, node)
                && (!task.failedOn(node) || !task.isChoosy(turn.nowNanos) || !reach.hasUntriedNode(task));
    }
}
