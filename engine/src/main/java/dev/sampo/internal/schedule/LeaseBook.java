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

/** The slots lent to a job, how many attempts each has, and what is known of the nodes they are on. */
final class LeaseBook {
    private final Map<Long, SlotLease> idle = new LinkedHashMap<>();
    /** The attempts of each slot that has any: those that run there, are on their way, or wait for one another. */
    private final Map<Long, Integer> busy = new HashMap<>();
    /** The slots that have attempts, but fewer than at the last look. */
    private final Map<Long, SlotLease> eased = new LinkedHashMap<>();

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

    private void putBack(SlotLease lease) {
        if (!lost.contains(lease.node())) {
            idle.put(lease.id(), lease);
            stirred = true;
        }
    }

    /** Puts an attempt into a slot. */
    void use(SlotLease lease) {
        remove(lease);
        busy.merge(lease.id(), 1, Integer::sum);
    }

    /** Takes an attempt that ended out of its slot, which is free when it was the last; unless the slot is gone. */
    void free(SlotLease lease) {
        if (leave(lease)) {
            putBack(lease);
        }
    }

    /**
     * Takes an attempt out of its slot that is not known to have left it: if it was the last, the slot is not the job's
     * any more.
     *
     * @return whether that is so
     */
    boolean leave(SlotLease lease) {
        Integer attempts = busy.get(lease.id());
        if (attempts == null) {
            return false;
        }
        if (attempts > 1) {
            busy.put(lease.id(), attempts - 1);
            eased.put(lease.id(), lease);
            stirred = true;
            return false;
        }
        busy.remove(lease.id());
        eased.remove(lease.id());
        return true;
    }

    /** Notes that a slot is gone from its node, whatever attempts it has. */
    void lose(SlotLease lease) {
        remove(lease);
        busy.remove(lease.id());
        eased.remove(lease.id());
    }

    /** Returns how many attempts a slot has. */
    int attemptsOf(SlotLease lease) {
        return busy.getOrDefault(lease.id(), 0);
    }

    /** Returns, once, the slots that have attempts, but fewer than before. */
    Collection<SlotLease> takeEased() {
        List<SlotLease> all = List.copyOf(eased.values());
        eased.clear();
        return all;
    }

    /** Returns how many slots the job holds. */
    int held() {
        return idle.size() + busy.size();
    }

    /** Removes an idle slot that gets an attempt or is given back. */
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

    /** Notes that slots that found no task may find one now. */
    void stir() {
        stirred = true;
    }

    /** Returns, once, whether slots may find a task that did not before. */
    boolean takeStirred() {
        boolean was = stirred && !(idle.isEmpty() && eased.isEmpty());
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
        eased.values().removeIf(lease -> lease.node().equals(node));
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
