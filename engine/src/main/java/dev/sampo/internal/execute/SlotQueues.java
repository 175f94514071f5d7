package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which attempts are in which slot of a node, in the order in which they run there. The coordinator knows the slots by
 * their leases. Owned by the agent.
 */
final class SlotQueues {
    private final Map<Long, Set<AttemptId>> attempts = new HashMap<>();
    private final Map<Long, AttemptId> firstAtLastLook = new HashMap<>();

    /** Puts an attempt behind those that are in its slot. */
    void add(long lease, AttemptId attempt) {
        attempts.computeIfAbsent(lease, absent -> new LinkedHashSet<>()).add(attempt);
    }

    /** Takes an attempt out of its slot, if it is in it. */
    void remove(long lease, AttemptId attempt) {
        Set<AttemptId> there = attempts.get(lease);
        if (there != null && there.remove(attempt) && there.isEmpty()) {
            attempts.remove(lease);
        }
    }

    /** Returns how many slots have attempts. */
    int taken() {
        return attempts.size();
    }

    /** Returns the leases of the slots that have attempts. */
    Set<Long> leases() {
        return attempts.keySet();
    }

    /** Returns how many attempts are in a slot. */
    int size(long lease) {
        Set<AttemptId> there = attempts.get(lease);
        return there == null ? 0 : there.size();
    }

    /** Returns whether an attempt waits for another one. */
    boolean hasWaiting() {
        return attempts.values().stream().anyMatch(there -> there.size() > 1);
    }

    /** Returns the attempts of a slot behind the first. */
    List<AttemptId> waiting(long lease) {
        Set<AttemptId> there = attempts.get(lease);
        return there == null ? List.of() : there.stream().skip(1).toList();
    }

    /** Returns the attempts that wait behind the same one as when this was asked last. */
    List<AttemptId> waitingSinceLastLook() {
        List<AttemptId> impatient = new ArrayList<>();
        Map<Long, AttemptId> first = new HashMap<>();
        attempts.forEach((lease, there) -> {
            AttemptId head = there.iterator().next();
            first.put(lease, head);
            if (head.equals(firstAtLastLook.get(lease))) {
                there.stream().skip(1).forEach(impatient::add);
            }
        });
        firstAtLastLook.clear();
        firstAtLastLook.putAll(first);
        return impatient;
    }
}
