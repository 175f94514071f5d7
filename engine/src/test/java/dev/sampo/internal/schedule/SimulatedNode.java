package dev.sampo.internal.schedule;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.model.StageKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A worker node as the simulation models it: what it runs and holds. */
final class SimulatedNode {
    final NodeId id;
    final int slots;

    /** How many times as long as elsewhere attempts take here. */
    final int slowness;

    /** In the order in which they came. */
    final Map<AttemptId, Run> running = new LinkedHashMap<>();

    final Set<AttemptId> held = new HashSet<>();

    /** Attempts that were canceled before their launch came, and those that ended: neither may start. */
    final Set<AttemptId> finished = new HashSet<>();

    /** Slots that are lost for good, by the attempts that ignore their interrupts. */
    final Set<Long> lostLeases = new HashSet<>();

    /** What has happened to attempts and is not reported yet, by job. */
    final Map<JobId, List<SchedulerEvent>> unreported = new HashMap<>();

    boolean alive = true;
    boolean draining;

    SimulatedNode(NodeId id, int slots, int slowness) {
        this.id = id;
        this.slots = slots;
        this.slowness = slowness;
    }

    /** Returns whether it takes another attempt in a slot: behind others there, or because one is free. */
    boolean hasRoom(long lease) {
        Set<Long> taken = new HashSet<>();
        running.values().forEach(run -> taken.add(run.lease.id()));
        return !draining
                && !lostLeases.contains(lease)
                && (taken.contains(lease) || taken.size() + lostLeases.size() < slots);
    }

    /** Returns whether it could lose one more slot and still have one. */
    boolean mayLoseASlot() {
        return lostLeases.size() + 1 < slots;
    }

    /** Returns the attempt that runs in a slot, or may begin. */
    @Nullable
    Run first(long lease) {
        return running.values().stream()
                .filter(run -> run.lease.id() == lease)
                .findFirst()
                .orElse(null);
    }

    /** An attempt that runs, and the outputs it was told to read. */
    static final class Run {
        final AttemptId attempt;
        final StageKind kind;
        final SlotLease lease;
        final List<HeldOutput> inputs;

        /** Whether it has begun: of those in one slot only one has. */
        boolean begun;

        /** Whether it does nothing until it is canceled. */
        boolean hangs;

        Run(AttemptId attempt, StageKind kind, SlotLease lease, List<HeldOutput> inputs) {
            this.attempt = attempt;
            this.kind = kind;
            this.lease = lease;
            this.inputs = inputs;
        }
    }
}
