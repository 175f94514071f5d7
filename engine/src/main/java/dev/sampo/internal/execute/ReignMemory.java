package dev.sampo.internal.execute;

import dev.sampo.internal.model.CoordinatorEpoch;
import java.util.concurrent.atomic.AtomicLong;

/** The highest epoch that a node has served, over all its lives in this process. Safe for many threads. */
public final class ReignMemory {
    private final AtomicLong highest = new AtomicLong();

    /** Creates the memory of a node that has served nobody. */
    public ReignMemory() {}

    void serve(CoordinatorEpoch epoch) {
        var unused = highest.accumulateAndGet(epoch.value(), Math::max);
    }

    CoordinatorEpoch highest() {
        return new CoordinatorEpoch(highest.get());
    }
}
