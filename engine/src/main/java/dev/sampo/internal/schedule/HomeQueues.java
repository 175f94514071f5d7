package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tasks queued at their home nodes. Every operation takes time in the logarithm of the tasks. Used by one thread. */
final class HomeQueues {
    private final Map<NodeId, HomeQueue> homes = new HashMap<>();
    private final Map<Task, HomeQueue> queueOf = new HashMap<>();
    private final TreeSet<HomeQueue> longest =
            new TreeSet<>(Comparator.comparingInt(HomeQueue::size).thenComparing(HomeQueue::node));

    /** Returns how many tasks wait. */
    int size() {
        return queueOf.size();
    }

    /** Returns the tasks, in any order. */
    Collection<Task> tasks() {
        return List.copyOf(queueOf.keySet());
    }

    /** Adds a task at its home. */
    void add(Task task, NodeId home) {
        HomeQueue queue = homes.computeIfAbsent(home, HomeQueue::new);
        longest.remove(queue);
        queue.tasks.add(task);
        longest.add(queue);
        queueOf.put(task, queue);
    }

    /** Removes a task; false when it does not wait here. */
    boolean remove(Task task) {
        HomeQueue queue = queueOf.remove(task);
        if (queue == null) {
            return false;
        }
        longest.remove(queue);
        queue.tasks.remove(task);
        if (queue.tasks.isEmpty()) {
            homes.remove(queue.node);
        } else {
            longest.add(queue);
        }
        return true;
    }

    /** Removes all tasks. */
    void clear() {
        homes.clear();
        queueOf.clear();
        longest.clear();
    }

    /** Returns the first task that is at home on a node; null when none is. */
    @Nullable
    Task firstAt(NodeId node) {
        HomeQueue own = homes.get(node);
        return own == null ? null : own.tasks.first();
    }

    /** Returns the last task of the longest queue, the one to steal; null when no task waits. */
    @Nullable
    Task lastOfLongest() {
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
