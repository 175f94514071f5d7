package dev.sampo.internal.schedule;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;

/** What the ledger knows of an attempt that has not ended. */
final class Attempt {
    final AttemptId id;
    final Task task;
    final SlotLease lease;

    /** Whether its node is the home of the task. */
    final boolean home;

    final Nearness nearness;
    AttemptLifecycle.State state = AttemptLifecycle.TABLE.start();

    /** Why it was told to stop; empty when it was not. */
    String stopReason = "";

    /** When it was launched. */
    long launchedNanos;

    /** The part of its work that is done, above 0 and up to 1; 0 while that is not known. */
    double progress;

    /** When that was known. */
    long progressNanos;

    /** When its node last said that it runs. */
    long heardNanos;

    /** How many times in a row its node did not list it. */
    int unlisted;

    /** How many outputs had moved when it was launched: it does not know of later moves. */
    long movesKnown;

    /** Whether it ignores its interrupt and has cost its node the slot. */
    boolean stuck;

    Attempt(AttemptId id, Task task, SlotLease lease, boolean home, Nearness nearness) {
        this.id = id;
        this.task = task;
        this.lease = lease;
        this.home = home;
        this.nearness = nearness;
    }

    /** Returns the node it was launched on. */
    NodeId node() {
        return lease.node();
    }

    /** Returns whether it was told to stop. */
    boolean isStopping() {
        return state == AttemptLifecycle.State.STOPPING;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
