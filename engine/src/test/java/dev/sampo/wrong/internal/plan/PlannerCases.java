package dev.sampo.wrong.internal.plan;

import org.junit.jupiter.api.Test;

/** Wrong: holds a test, and no plugin runs a class of this name. */
class PlannerCases {
    @Test
    void neverRuns() {
        throw new AssertionError("a class of this name must not be run");
    }
}
