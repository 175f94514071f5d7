package dev.sampo.internal.schedule;

import java.util.ArrayList;
import java.util.List;

/** The handling of one event: the time it happens at, and what was decided so far. */
final class Turn {
    final long nowNanos;
    private final List<Decision> decisions = new ArrayList<>();

    Turn(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    /** Adds a decision. */
    void decide(Decision decision) {
        decisions.add(decision);
    }

    /** Returns the decisions in order. */
    List<Decision> decisions() {
        return List.copyOf(decisions);
    }
}
