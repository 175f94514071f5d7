package dev.sampo.internal.model;

import java.util.List;

/**
 * A worker node as the coordinator knows it.
 *
 * @param facts what the node says of itself
 * @param running the attempts that run there
 * @param draining whether it gets no more attempts, because it is to leave
 */
public record NodeReport(NodeFacts facts, List<AttemptId> running, boolean draining) {
    /** Copies the list. */
    public NodeReport {
        running = List.copyOf(running);
    }
}
