package dev.sampo.internal.schedule;

import dev.sampo.internal.model.HashRing;
import dev.sampo.internal.model.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that want a slot, queued at their home nodes. A free slot takes the first task that is at home on its node,
 * or else steals the last one of the longest queue. Tasks that have failed stand in a queue of their own, which comes
 * first, so that a job that cannot succeed fails early. Every operation takes time in the logarithm of the tasks, but
 * for {@link #place}.
 */
final class TaskQueues {
    /**
     * How many failed tasks are offered to a slot before it turns to the others: a bound, so that a node on which
     * thousands of tasks failed does not cost a look at each of them for every slot.
     */
    private static final int RETRIES_OFFERED = 32;

    /** Says whether a task may run on a node now. */
    @FunctionalInterface
    interface Fit {
        /** Returns whether the task may run there. */
        boolean test(Task task, NodeId node);
    }

    private final TreeSet<Task> anywhere = new TreeSet<>();
    private final TreeSet<Task> retries = new TreeSet<>();
    private final Map<NodeId, HomeQueue> homes = new HashMap<>();
    private final Map<Task, HomeQueue> queueOf = new HashMap<>();
    private final TreeSet<HomeQueue> longest =
            new TreeSet<>(Comparator.comparingInt(HomeQueue::size).thenComparing(HomeQueue::node));
    private HashRing ring = HashRing.of(List.of());
    private long examined;

    /** Returns how many tasks wait. */
    int size() {
        return anywhere.size() + retries.size() + queueOf.size();
    }

    /** Returns how many tasks were looked at in all {@link #take} calls: what they cost. */
    long examined() {
        return examined;
    }

    /** Returns the home of a task under the present ring; null when it has none. */
    @Nullable
    NodeId home(Task task) {
        return task.keyHash == null ? null : ring.home(task.keyHash).orElse(null);
    }

    /** Returns the nodes that a task prefers, first its home, at most so many. */
    List<NodeId> preference(Task task, int limit) {
        return task.keyHash == null ? List.of() : ring.preference(task.keyHash, limit);
    }

    /** Adds a task. */
    void add(Task task) {
        NodeId home = home(task);
        if (task.hasFailed()) {
            retries.add(task);
        } else if (home == null) {
            anywhere.add(task);
        } else {
            HomeQueue queue = homes.computeIfAbsent(home, HomeQueue::new);
            longest.remove(queue);
            queue.tasks.add(task);
            longest.add(queue);
            queueOf.put(task, queue);
        }
    }

    /** Removes a task, if it waits. */
    void remove(Task task) {
        HomeQueue queue = queueOf.remove(task);
        if (queue != null) {
            longest.remove(queue);
            queue.tasks.remove(task);
            if (queue.tasks.isEmpty()) {
                homes.remove(queue.node);
            } else {
                longest.add(queue);
            }
        } else if (!retries.remove(task)) {
            anywhere.remove(task);
        }
    }

    /** Removes all tasks. */
    void clear() {
        anywhere.clear();
        retries.clear();
        homes.clear();
        queueOf.clear();
        longest.clear();
    }

    /** Queues all tasks again by the homes of a new ring. */
    void place(HashRing next) {
        ring = next;
        List<Task> moved = new ArrayList<>(queueOf.keySet());
        moved.addAll(anywhere);
        anywhere.clear();
        homes.clear();
        queueOf.clear();
        longest.clear();
        moved.forEach(this::add);
    }

    /** Takes the task that a slot of a node should run; null when none fits. */
    @Nullable
    Task take(NodeId node, Fit fit) {
        Task task = choose(node, fit);
        if (task != null) {
            examined++;
            remove(task);
        }
        return task;
    }

    private @Nullable Task choose(NodeId node, Fit fit) {
        if (!anywhere.isEmpty()) {
            return anywhere.first();
        }
        int offered = 0;
        for (Task task : retries) {
            if (offered++ == RETRIES_OFFERED) {
                break;
            }
            examined++;
            if (fit.test(task, node)) {
                return task;
            }
        }
        HomeQueue own = homes.get(node);
        if (own != null) {
            return own.tasks.first();
        }
        return longest.isEmpty() ? null : longest.last().tasks.last();
    }

    private static final class HomeQueue {
        private final NodeId node;
        private final TreeSet<Task> tasks = new TreeSet<>();

        private HomeQueue(NodeId node) {
            this.node = node;
        }

        private NodeId node() {
            return node;
        }

        private int size() {
            return tasks.size();
        }
    }
}
