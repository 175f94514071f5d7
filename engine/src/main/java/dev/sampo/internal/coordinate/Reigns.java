package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.CoordinatorEpoch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts the reigns of the coordinators at one seed. The epoch of a reign is the time of day, and more than that of any
 * reign this seed knows of: clocks of seeds differ. Until a journal counts them. Safe for many threads.
 */
public final class Reigns {
    private final LongSupplier clock;
    private final AtomicLong highest = new AtomicLong();

    /**
     * Creates a count that knows of no reign.
     *
     * @param clock the least that an epoch may be, such as the time of day in milliseconds
     */
    public Reigns(LongSupplier clock) {
        this.clock = clock;
    }

    /** Returns the epoch of the next reign. */
    public CoordinatorEpoch next() {
        return new CoordinatorEpoch(highest.updateAndGet(known -> Math.max(known + 1, clock.getAsLong())));
    }

    /** Notes that there was a reign of this epoch. */
    void know(CoordinatorEpoch epoch) {
        var unused = highest.accumulateAndGet(epoch.value(), Math::max);
    }
}
