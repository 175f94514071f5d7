package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The slots lent to a job that no attempt uses, and what is known of the nodes they are on. */
final class LeaseBook {
    private final Map<Long, SlotLease> idle = new LinkedHashMap<>();
    private final Set<Long> unused = new HashSet<>();
    private final Set<Long> everGranted = new HashSet<>();
    private final Set<NodeId> lost = new HashSet<>();
    private final Set<NodeId> draining = new HashSet<>();
    private final Map<NodeId, Long> restingUntil = new HashMap<>();
    private boolean stirred;

    /**
     * Takes a grant.
     *
     * @return false when it came before, or is on a lost node: then there is nothing to take
     */
    boolean grant(SlotLease lease) {
        if (lost.contains(lease.node()) || !everGranted.add(lease.id())) {
            return false;
        }
        unused.add(lease.id());
        putBack(lease);
        return true;
    }

    /** Takes back the slot of an attempt that ended, unless its node is lost. */
    void putBack(SlotLease lease) {
        if (!lost.contains(lease.node())) {
            idle.put(lease.id(), lease);
            stirred = true;
        }
    }

    /** Removes a slot that gets an attempt or is given back. */
    void remove(SlotLease lease) {
        idle.remove(lease.id());
        unused.remove(lease.id());
    }

    /** Returns whether a slot has not run an attempt since it was granted. */
    boolean isUnused(SlotLease lease) {
        return unused.contains(lease.id());
    }

    /** Returns the slots that no attempt uses. */
    Collection<SlotLease> idle() {
        return List.copyOf(idle.values());
    }

    /** Returns how many those are. */
    int idleCount() {
        return idle.size();
    }

    /** Notes that slots that found no task may find one now. */
    void stir() {
        stirred = true;
    }

    /** Returns, once, whether slots may find a task that did not before. */
    boolean takeStirred() {
        boolean was = stirred && !idle.isEmpty();
        stirred = false;
        return was;
    }

    /**
     * Forgets a node's slots for ever.
     *
     * @return false when it was lost before
     */
    boolean lose(NodeId node) {
        if (!lost.add(node)) {
            return false;
        }
        for (SlotLease lease : idle()) {
            if (lease.node().equals(node)) {
                remove(lease);
            }
        }
        restingUntil.remove(node);
        stirred = true;
        return true;
    }

    /** Closes a node to new attempts. */
    void drain(NodeId node) {
        draining.add(node);
        stirred = true;
    }

    /** Lets the slots of a node rest. */
    void rest(NodeId node, long untilNanos) {
        restingUntil.put(node, untilNanos);
    }

    /** Returns whether slots of a node rest. */
    boolean isResting(NodeId node, long nowNanos) {
        Long until = restingUntil.get(node);
        if (until != null && nowNanos - until >= 0) {
            restingUntil.remove(node);
            return false;
        }
        return until != null;
    }

    /** Returns whether a node is lost. */
    boolean isLost(NodeId node) {
        return lost.contains(node);
    }

    /** Returns whether attempts may be launched on a node. */
    boolean isOpen(NodeId node) {
        return !lost.contains(node) && !draining.contains(node);
    }
}
