package dev.sampo.internal.schedule;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** The virtual time of a simulation: what happens next, in an order that depends on the seed alone. */
final class SimulatedTime {
    static final long MILLI = 1_000_000L;

    private final PriorityQueue<Step> queue =
            new PriorityQueue<>(Comparator.comparingLong(Step::at).thenComparingLong(Step::order));
    private final Random random;
    private long now;
    private long order;

    SimulatedTime(Random random) {
        this.random = random;
    }

    /** Returns the time in nanoseconds. */
    long now() {
        return now;
    }

    /** Has something happen at a time. */
    void at(long time, Runnable action) {
        queue.add(new Step(time, order++, action));
    }

    /** Has something happen at this time, after all that was to happen at it before. */
    void next(Runnable action) {
        at(now, action);
    }

    /** Has something happen after the time that a message takes. */
    void later(Runnable action) {
        at(now + (1 + random.nextInt(random.nextInt(10) == 0 ? 500 : 10)) * MILLI, action);
    }

    /** Returns whether anything is to happen up to a time. */
    boolean hasNext(long end) {
        return !queue.isEmpty() && queue.peek().at() <= end;
    }

    /** Lets the next thing happen. */
    void step() {
        Step step = queue.remove();
        now = step.at();
        step.action().run();
    }

    private record Step(long at, long order, Runnable action) {}
}
