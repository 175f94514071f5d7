package dev.sampo.internal.schedule;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A worker node as the simulation models it: what it runs and holds. */
final class SimulatedNode {
    final NodeId id;
    final int slots;

    /** How many times as long as elsewhere attempts take here. */
    final int slowness;

    final Map<AttemptId, Run> running = new HashMap<>();
    final Set<AttemptId> held = new HashSet<>();

    /** Attempts that were canceled before their launch came, and those that ended: neither may start. */
    final Set<AttemptId> finished = new HashSet<>();

    boolean alive = true;
    boolean draining;
    int lostSlots;

    SimulatedNode(NodeId id, int slots, int slowness) {
        this.id = id;
        this.slots = slots;
        this.slowness = slowness;
    }

    /** Returns whether it takes another attempt. */
    boolean hasRoom() {
        return running.size() + lostSlots < slots && !draining;
    }

    /** An attempt that runs, and the outputs it was told to read. */
    static final class Run {
        final AttemptId attempt;
        final SlotLease lease;
        final List<HeldOutput> inputs;

        /** Whether it does nothing until it is canceled. */
        boolean hangs;

        Run(AttemptId attempt, SlotLease lease, List<HeldOutput> inputs) {
            this.attempt = attempt;
            this.lease = lease;
            this.inputs = inputs;
        }
    }
}
