package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.model.StageKind;

/** Starts attempts and brings them to an end, and keeps tasks, slots and deadlines in step with that. */
final class AttemptControl {
    private final JobLedger ledger;
    private final StageFlow flow;
    private final LeaseBook leases;
    private final Deadlines deadlines;
    private final SchedulerSettings settings;
    private final NodesAside aside;

    AttemptControl(
            JobLedger ledger,
            StageFlow flow,
            LeaseBook leases,
            Deadlines deadlines,
            SchedulerSettings settings,
            NodesAside aside) {
        this.ledger = ledger;
        this.flow = flow;
        this.leases = leases;
        this.deadlines = deadlines;
        this.settings = settings;
        this.aside = aside;
    }

    /** Launches the next attempt of a runnable task in a slot. */
    void launch(Task task, SlotLease lease, boolean home, Nearness nearness, String routingKey, Turn turn) {
        leases.use(lease);
        Attempt attempt = ledger.launch(task, lease, home, nearness);
        attempt.launchedNanos = turn.nowNanos;
        deadlines.add(turn.nowNanos + settings.assignTimeoutNanos(), Deadlines.Kind.ACKNOWLEDGE, attempt);
        StageKind kind = ledger.stageOf(task).stage.kind();
        turn.decide(new Decision.Launch(attempt.id, kind, lease.node(), home, lease, routingKey));
    }

    /** Tells an attempt to stop. Its task may go on at once; its slot is busy until it has answered. */
    void stop(Attempt attempt, String reason, Turn turn) {
        ledger.move(attempt, AttemptLifecycle.Event.TOLD_TO_STOP);
        attempt.stopReason = reason;
        deadlines.add(turn.nowNanos + settings.stopTimeoutNanos(), Deadlines.Kind.GIVE_UP, attempt);
        sendCancel(attempt, turn);
        if (!commits(attempt)) {
            freeTask(attempt);
        }
    }

    /** Of two commit attempts at once each could undo the other's work: the next one starts when this one has ended. */
    boolean commits(Attempt attempt) {
        return ledger.stageOf(attempt.task).stage.kind() == StageKind.COMMIT;
    }

    /** Notes that the node of a running attempt has just said that it runs. */
    void renew(Attempt attempt, Turn turn) {
        attempt.heardNanos = turn.nowNanos;
        attempt.unlisted = 0;
    }

    /** Has an attempt live for the time of a lease from when its node was last heard of. */
    void watchLease(Attempt attempt) {
        deadlines.add(attempt.heardNanos + settings.leaseNanos(), Deadlines.Kind.LEASE, attempt);
    }

    /** Stops an attempt whose lease has run out; looks again later when it was renewed. */
    void leaseOver(Attempt attempt, Turn turn) {
        if (turn.nowNanos - attempt.heardNanos < settings.leaseNanos()) {
            watchLease(attempt);
        } else {
            avoid(attempt.task, attempt.node(), turn);
            stop(attempt, "its lease ran out: node " + attempt.node() + " did not say that it runs", turn);
        }
    }

    /** Waits further for a commit attempt that neither answers nor lost its node. */
    void waitOn(Attempt attempt, Turn turn) {
        deadlines.add(turn.nowNanos + settings.stopTimeoutNanos(), Deadlines.Kind.GIVE_UP, attempt);
    }

    /** Tells every attempt to stop that was not told before. */
    void stopAll(String reason, Turn turn) {
        for (Attempt attempt : ledger.live()) {
            if (!attempt.isStopping()) {
                stop(attempt, reason, turn);
            }
        }
    }

    /** Tells the attempts of a task to stop. */
    void stopAll(Task task, String reason, Turn turn) {
        Attempt second = task.second;
        if (second != null) {
            stop(second, reason, turn);
        }
        Attempt current = task.current;
        if (current != null) {
            stop(current, reason, turn);
        }
    }

    /** Sends a cancel, which is repeated until it is answered. */
    void sendCancel(Attempt attempt, Turn turn) {
        turn.decide(new Decision.CancelAttempt(attempt.id, attempt.node(), attempt.stopReason));
        deadlines.add(turn.nowNanos + settings.assignTimeoutNanos(), Deadlines.Kind.REPEAT_CANCEL, attempt);
    }

    /** Ends an attempt whose slot is free again; its task may be tried again. */
    void end(Attempt attempt, AttemptLifecycle.Event how) {
        ledger.move(attempt, how);
        leases.free(attempt.lease);
        freeTask(attempt);
    }

    /** Takes back the slot of an attempt whose result was accepted. */
    void free(Attempt attempt, Turn turn) {
        aside.succeeded(attempt.task, attempt.node(), turn);
        leases.free(attempt.lease);
    }

    /**
     * Ends an attempt that will never report.
     *
     * @return whether its slot is not the job's any more, because no other attempt is in it
     */
    boolean vanish(Attempt attempt) {
        ledger.move(attempt, AttemptLifecycle.Event.VANISHED);
        boolean left = leases.leave(attempt.lease);
        freeTask(attempt);
        return left;
    }

    /** Notes that the slot of an attempt is gone from its node. */
    void loseSlot(Attempt attempt) {
        leases.lose(attempt.lease);
    }

    /** Has a task avoid a node for a while. */
    void avoid(Task task, NodeId node, Turn turn) {
        long until = turn.nowNanos + settings.avoidNanos();
        task.avoid(node, until);
        deadlines.add(until, Deadlines.Kind.WAKE, null);
    }

    /** Lets the slots of a node rest. */
    void rest(NodeId node, Turn turn) {
        long until = turn.nowNanos + settings.restNanos();
        leases.rest(node, until);
        deadlines.add(until, Deadlines.Kind.WAKE, null);
    }

    /** Returns for how long a slot that was granted may look for its first task, whatever the limit. */
    long firstTaskNanos() {
        return settings.restNanos();
    }

    /** Has slots look for tasks once more at a time. */
    void wakeAt(long nanos) {
        deadlines.add(nanos, Deadlines.Kind.WAKE, null);
    }

    private void freeTask(Attempt attempt) {
        Task task = attempt.task;
        if (attempt.equals(task.second)) {
            task.second = null;
        } else if (attempt.equals(task.current) && task.second != null) {
            task.current = task.second; // goes on alone
            task.second = null;
        } else if (attempt.equals(task.current)) {
            ledger.move(task, TaskLifecycle.Event.ATTEMPT_ENDED);
            flow.settle(task);
        }
    }
}
