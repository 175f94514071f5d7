package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * How long a node without room on its disk rests from a job: twice as long each time, until an attempt succeeds there. A
 * node whose attempts fail at once would else win every task of the job, one after the other. Used by one thread.
 */
final class NodeRests {
    /** 32 times the first rest. */
    private static final int MOST_DOUBLINGS = 5;

    private final long firstNanos;
    private final Map<NodeId, Integer> inARow = new HashMap<>();

    NodeRests(long firstNanos) {
        this.firstNanos = firstNanos;
    }

    /** Returns how long the node rests now, in nanoseconds. */
    long next(NodeId node) {
        int before = inARow.merge(node, 1, Integer::sum) - 1;
        return firstNanos << Math.min(before, MOST_DOUBLINGS);
    }

    /** Returns the longest rest, in nanoseconds. */
    long longest() {
        return firstNanos << MOST_DOUBLINGS;
    }

    /** Notes that an attempt succeeded there. */
    void succeeded(NodeId node) {
        inARow.remove(node);
    }
}
