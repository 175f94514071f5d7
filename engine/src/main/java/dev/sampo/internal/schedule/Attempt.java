package dev.sampo.internal.schedule;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;

/** What the ledger knows of an attempt that has not ended. */
final class Attempt {
    final AttemptId id;
    final Task task;
    final SlotLease lease;
    AttemptLifecycle.State state = AttemptLifecycle.TABLE.start();

    /** Why it was told to stop; empty when it was not. */
    String stopReason = "";

    Attempt(AttemptId id, Task task, SlotLease lease) {
        this.id = id;
        this.task = task;
        this.lease = lease;
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
