package dev.sampo.internal.schedule;

import dev.sampo.internal.model.HashRing;
import dev.sampo.internal.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that want a slot, queued at their home nodes. A free slot takes the first task that is at home on its node,
 * or else steals the last one of the longest queue. Tasks whose data is near to some nodes are at home on one of these,
 * and wait for them for a while ({@link NearQueues}); where no such node is there they are like the others. Tasks that
 * have failed stand in a queue of their own, which comes first, so that a job that cannot succeed fails early. Every
 * operation takes time in the logarithm of the tasks, but for {@link #place}.
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
    private final HomeQueues homes = new HomeQueues();
    private final NearQueues near;
    private HashRing ring = HashRing.of(List.of());
    private Vicinity vicinity = new Vicinity(ring);
    private long examined;

    /**
     * Creates queues without tasks.
     *
     * @param localityWaitNanos how long a task waits for a node that its data is near to; 0 for not at all
     */
    TaskQueues(long localityWaitNanos) {
        this.near = new NearQueues(localityWaitNanos);
    }

    /** Returns how many tasks wait. */
    int size() {
        return anywhere.size() + retries.size() + homes.size() + near.size();
    }

    /** Returns how many tasks were looked at in all {@link #take} calls: what they cost. */
    long examined() {
        return examined;
    }

    /** Returns the home of a task under the present ring; null when it has none. */
    @Nullable
    NodeId home(Task task) {
        if (task.keyHash == null) {
            return null;
        }
        Set<NodeId> close = vicinity.near(task.locations);
        return (close.isEmpty() ? ring.home(task.keyHash) : ring.home(task.keyHash, close)).orElse(null);
    }

    /** Returns whether the data of a task is near to a node, as its split says. */
    boolean isNear(Task task, NodeId node) {
        return vicinity.near(task.locations).contains(node);
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
        } else if (isNear(task, home)) {
            near.add(task, home, vicinity.near(task.locations));
        } else {
            homes.add(task, home);
        }
    }

    /** Removes a task, if it waits. */
    void remove(Task task) {
        if (!near.remove(task) && !homes.remove(task) && !retries.remove(task)) {
            anywhere.remove(task);
        }
    }

    /** Removes all tasks. */
    void clear() {
        anywhere.clear();
        retries.clear();
        homes.clear();
        near.clear();
    }

    /** Queues all tasks again by the homes of a new ring. */
    void place(HashRing next) {
        ring = next;
        vicinity = new Vicinity(next);
        List<Task> moved = new ArrayList<>(homes.tasks());
        moved.addAll(near.tasks());
        moved.addAll(anywhere);
        anywhere.clear();
        homes.clear();
        near.clear();
        moved.forEach(this::add);
    }

    /** Takes the task that a slot of a node should run; null when none fits. */
    @Nullable
    Task take(NodeId node, Fit fit, long nowNanos) {
        Task task = choose(node, fit, nowNanos);
        if (task != null) {
            examined++;
            if (isNear(task, node)) {
                near.takenNear(task);
            }
            remove(task);
        }
        return task;
    }

    /** Returns when a task has waited for near nodes for long enough that was refused to another; empty when none was. */
    OptionalLong nextFarNanos() {
        return near.nextFarNanos();
    }

    private @Nullable Task choose(NodeId node, Fit fit, long nowNanos) {
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
        Task close = near.nearTo(node);
        if (close != null) {
            return close;
        }
        Task own = homes.firstAt(node);
        if (own != null) {
            return own;
        }
        Task stolen = homes.lastOfLongest();
        return stolen != null ? stolen : near.farAllowed(nowNanos);
    }
}
