package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tasks whose data is near to some of the nodes. A near node takes them at any time, those first that are at home on it.
 * Any other node takes one only when no near node has taken one of the same locations for a while: delay scheduling
 * (Zaharia et al., "Delay Scheduling", EuroSys 2010, section 3), with the wait counted for each list of locations
 * instead of for the whole job, so that tasks whose nodes hang do not wait because others' nodes work. As there, the wait
 * begins when a far node is first refused, and once it is over far nodes take one task after the other until a near node
 * takes one again.
 *
 * <p>Every operation takes time in the logarithm of the tasks and in proportion to the nodes near to one task. Used by
 * one thread.
 */
final class NearQueues {
    private final long waitNanos;
    private final HomeQueues all = new HomeQueues();
    private final Map<List<String>, Group> groups = new HashMap<>();
    private final Map<NodeId, TreeSet<Group>> groupsNear = new HashMap<>();
    private final Set<Group> notRefused = new LinkedHashSet<>();

    /** When each group was first refused to a far node, in the order of these times. */
    private final Map<Group, Long> refusedSince = new LinkedHashMap<>();

    private int created;

    /**
     * Creates queues without tasks.
     *
     * @param waitNanos how long tasks wait for a near node; 0 for not at all
     */
    NearQueues(long waitNanos) {
        this.waitNanos = waitNanos;
    }

    /** Returns how many tasks wait. */
    int size() {
        return all.size();
    }

    /** Returns the tasks, in any order. */
    Collection<Task> tasks() {
        return all.tasks();
    }

    /**
     * Adds a task.
     *
     * @param home one of the near nodes
     * @param near the nodes near to its locations, at least one
     */
    void add(Task task, NodeId home, Set<NodeId> near) {
        Group group = groups.get(task.locations);
        if (group == null) {
            group = new Group(++created, near);
            groups.put(task.locations, group);
            notRefused.add(group);
            for (NodeId node : near) {
                groupsNear
                        .computeIfAbsent(node, any -> new TreeSet<>(Comparator.comparingInt(Group::number)))
                        .add(group);
            }
        }
        all.add(task, home);
        group.tasks.add(task, home);
    }

    /** Removes a task; false when it does not wait here. */
    boolean remove(Task task) {
        Group group = all.remove(task) ? groups.get(task.locations) : null;
        if (group == null) {
            return false;
        }
        group.tasks.remove(task);
        if (group.tasks.size() == 0) {
            groups.remove(task.locations);
            notRefused.remove(group);
            refusedSince.remove(group);
            for (NodeId node : group.near) {
                TreeSet<Group> there = groupsNear.get(node);
                if (there != null && there.remove(group) && there.isEmpty()) {
                    groupsNear.remove(node);
                }
            }
        }
        return true;
    }

    /** Removes all tasks. */
    void clear() {
        all.clear();
        groups.clear();
        groupsNear.clear();
        notRefused.clear();
        refusedSince.clear();
    }

    /** Returns a task that is near to a node, one at home there first; null when there is none. */
    @Nullable
    Task nearTo(NodeId node) {
        Task own = all.firstAt(node);
        if (own != null) {
            return own;
        }
        TreeSet<Group> there = groupsNear.get(node);
        return there == null ? null : there.first().tasks.lastOfLongest();
    }

    /** Returns a task that has waited for its near nodes for long enough; null when there is none. */
    @Nullable
    Task farAllowed(long nowNanos) {
        for (Group group : new ArrayList<>(notRefused)) {
            refusedSince.put(group, nowNanos);
        }
        notRefused.clear();
        for (Map.Entry<Group, Long> longest : refusedSince.entrySet()) {
            return nowNanos - longest.getValue() >= waitNanos
                    ? longest.getKey().tasks.lastOfLongest()
                    : null;
        }
        return null;
    }

    /** Notes that a near node takes a task: the others of its locations wait for their nodes anew. */
    void takenNear(Task task) {
        Group group = groups.get(task.locations);
        if (group != null && refusedSince.remove(group) != null) {
            notRefused.add(group);
        }
    }

    /** Returns when {@link #farAllowed} has a task to give that it refused before; empty when it refused none. */
    OptionalLong nextFarNanos() {
        for (long since : refusedSince.values()) {
            return OptionalLong.of(since + waitNanos);
        }
        return OptionalLong.empty();
    }

    /** The tasks of one list of locations. */
    private static final class Group {
        private final int number;
        private final Set<NodeId> near;
        private final HomeQueues tasks = new HomeQueues();

        private Group(int number, Set<NodeId> near) {
            this.number = number;
            this.near = near;
        }

        private int number() {
            return number;
        }
    }
}
