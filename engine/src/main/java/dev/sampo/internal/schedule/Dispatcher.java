package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.plan.ExecutionPlan;
import java.util.OptionalLong;

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
    private final Speculation speculation;
    private final NodesAside aside;
    private PlacementTable placement = PlacementTable.EMPTY;
    private int cap = Integer.MAX_VALUE;
    private int demand;
    private OptionalLong wake = OptionalLong.empty();

    Dispatcher(
            JobCourse course,
            JobLedger ledger,
            TaskQueues queues,
            LeaseBook leases,
            AttemptControl attempts,
            JobReach reach,
            Pace pace,
            Speculation speculation,
            NodesAside aside) {
        this.course = course;
        this.ledger = ledger;
        this.queues = queues;
        this.leases = leases;
        this.attempts = attempts;
        this.reach = reach;
        this.pace = pace;
        this.speculation = speculation;
        this.aside = aside;
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
                boolean wasUsed = leases.unusedSince(lease).isEmpty();
                if (!isWanted(lease, turn)) {
                    release(lease, turn);
                } else if (takesAttempts(lease, turn) && launchOn(lease, turn) && wasUsed) {
                    fill(lease, depth, turn);
                }
            }
            for (SlotLease lease : leases.takeEased()) {
                if (isWanted(lease, turn) && takesAttempts(lease, turn)) {
                    fill(lease, depth, turn);
                }
            }
            if (queues.size() == 0) {
                speculate(turn);
            }
            if (queues.size() == 0 && speculation.wanted() == 0) {
                leases.idle().forEach(lease -> release(lease, turn));
            }
            wakeForLocality();
        }
        int wanted = wanted();
        if (wanted != demand) {
            demand = wanted;
            turn.decide(new Decision.SetDemand(wanted));
        }
    }

    /**
     * Gives late tasks a second attempt in slots that suit: of another node, one that is not slow itself. Slots that do
     * not suit are kept meanwhile, for they would be granted again in place of one that does.
     */
    private void speculate(Turn turn) {
        for (Task task : speculation.tasks()) {
            for (SlotLease lease : leases.idle()) {
                NodeId node = lease.node();
                if (speculation.mayRunOn(node)
                        && !task.failedOn(node)
                        && reach.isReachable(task, node)
                        && takesAttempts(lease, turn)) {
                    launch(task, lease, turn);
                    speculation.launched(task);
                    break;
                }
            }
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
        int exact = queues.size() + held() + speculation.wanted();
        if (queues.size() <= MANY * held()) {
            return exact;
        }
        return exact - exact % Math.max(1, Integer.highestOneBit(exact) / STEPS);
    }

    private boolean isWanted(SlotLease lease, Turn turn) {
        return course.isUnderWay()
                && (queues.size() > 0 || speculation.wanted() > 0)
                && leases.isOpen(lease.node())
                && !aside.contains(lease.node())
                && (held() <= cap || mayLook(lease, turn));
    }

    /**
     * A slot that was granted above the cap runs one attempt: giving it back at once could go on for ever. When all tasks
     * wait for other nodes it goes back after a while, so that another job can use it.
     */
    private boolean mayLook(SlotLease lease, Turn turn) {
        OptionalLong since = leases.unusedSince(lease);
        if (since.isEmpty()) {
            return false;
        }
        long until = since.getAsLong() + attempts.firstTaskNanos();
        return turn.nowNanos - until < 0;
    }

    /** Slots that wait because tasks wait for other nodes look again when either has waited for long enough. */
    private void wakeForLocality() {
        if (leases.idle().isEmpty()) {
            return;
        }
        OptionalLong next = queues.nextFarNanos();
        if (next.isPresent() && !next.equals(wake)) {
            attempts.wakeAt(next.getAsLong());
            wake = next;
        }
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
        Task task = queues.take(lease.node(), (candidate, node) -> fits(candidate, node, turn), turn.nowNanos);
        if (task == null) {
            if (held() > cap) {
                leases.unusedSince(lease).ifPresent(since -> attempts.wakeAt(since + attempts.firstTaskNanos()));
            }
        } else {
            launch(task, lease, turn);
        }
        return task != null;
    }

    private void launch(Task task, SlotLease lease, Turn turn) {
        course.launched(turn);
        boolean home = lease.node().equals(queues.home(task));
        attempts.launch(
                task, lease, home, nearness(task, lease.node()), course.plan().routingKey(task.id), turn);
    }

    private Nearness nearness(Task task, NodeId node) {
        if (task.locations.isEmpty()) {
            return Nearness.INDIFFERENT;
        }
        return queues.isNear(task, node) ? Nearness.NEAR : Nearness.FAR;
    }

    /** A task that has just failed on a node is kept for another one, a near one first, where there is another one. */
    private boolean fits(Task task, NodeId node, Turn turn) {
        if (!reach.isReachable(task, node)) {
            return false;
        }
        if (!task.isChoosy(turn.nowNanos)) {
            return true;
        }
        if (task.failedOn(node)) {
            return !reach.hasUntriedNode(task);
        }
        return queues.isNear(task, node) || !reach.hasUntriedNode(task, other -> queues.isNear(task, other));
    }
}
