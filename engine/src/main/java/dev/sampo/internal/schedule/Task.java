package dev.sampo.internal.schedule;

import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.model.TaskId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the ledger knows of one task. Changed by {@link JobLedger} and the scheduler only. */
final class Task implements Comparable<Task> {
    final TaskId id;

    /** The hash of the routing key; null for a task that is at home nowhere. */
    final @Nullable Long keyHash;

    /** Where its data is at hand; empty when it is as near to every node. */
    final List<String> locations;

    TaskLifecycle.State state = TaskLifecycle.TABLE.start();

    /** The number of the next attempt. */
    int attempts;

    /** Failures that count against the limit. */
    int charged;

    /** How often its output could not be fetched. */
    int fetchFailures;

    /** The attempt under way; null unless the task is active. */
    @Nullable
    Attempt current;

    /** A second attempt beside {@link #current}, which seemed late; null when there is none. */
    @Nullable
    Attempt second;

    /** The output the next stage reads; null when there is none, or it is gone. */
    @Nullable
    HeldOutput output;

    /** How long the accepted attempt took: what it costs to make the output again. */
    long costNanos;

    /** The number of the last move of its output to another node; 0 when it did not move. */
    long movedAt;

    /** What the accepted attempt counted. */
    TaskCounters counters = TaskCounters.NONE;

    private Set<NodeId> failedOn = Set.of();
    private long avoidUntilNanos;

    Task(TaskId id, @Nullable Long keyHash, List<String> locations) {
        this.id = id;
        this.keyHash = keyHash;
        this.locations = locations;
    }

    /** Remembers that it failed on a node, which it avoids until a time. */
    void avoid(NodeId node, long untilNanos) {
        if (failedOn.isEmpty()) {
            failedOn = new HashSet<>();
        }
        failedOn.add(node);
        avoidUntilNanos = untilNanos;
    }

    /** Returns whether it failed on a node. */
    boolean failedOn(NodeId node) {
        return failedOn.contains(node);
    }

    /** Returns the nodes on which it failed. */
    Set<NodeId> failedNodes() {
        return failedOn;
    }

    /** Returns whether it failed anywhere. */
    boolean hasFailed() {
        return !failedOn.isEmpty();
    }

    /** Returns whether it still waits for a node on which it has not failed. */
    boolean isChoosy(long nowNanos) {
        return hasFailed() && nowNanos - avoidUntilNanos < 0;
    }

    /** Tasks of earlier stages first, then by index. */
    @Override
    public int compareTo(Task other) {
        return id.stage() != other.id.stage()
                ? Integer.compare(id.stage(), other.id.stage())
                : Integer.compare(id.index(), other.id.index());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Task that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return 31 * id.stage() + id.index();
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
