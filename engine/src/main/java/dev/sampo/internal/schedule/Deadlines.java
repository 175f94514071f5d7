package dev.sampo.internal.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The points in time at which the scheduler has something to do by itself. Entries that no longer apply are not removed
 * when that happens but skipped when they come up: one that does not apply now must not apply later either.
 */
final class Deadlines {
    /** What is due. */
    enum Kind {
        /** A launch should have been acknowledged. */
        ACKNOWLEDGE,
        /** An attempt should have ended. */
        TIME_LIMIT,
        /** A cancel should have been answered; it is sent again. */
        REPEAT_CANCEL,
        /** A canceled attempt should have ended; it is given up. */
        GIVE_UP,
        /** The node of an attempt should have said that it runs. */
        LEASE,
        /** A slot has rested, or a task has waited for another node for long enough. */
        WAKE
    }

    /**
     * One entry.
     *
     * @param attempt whose deadline it is; null where it is nobody's
     */
    record Deadline(long atNanos, Kind kind, @Nullable Attempt attempt) {}

    // By difference: a monotonic clock may start anywhere and wrap around.
    private final PriorityQueue<Deadline> queue =
            new PriorityQueue<>(Comparator.comparing(Deadline::atNanos, (left, right) -> Long.signum(left - right)));

    /** Adds an entry. */
    void add(long atNanos, Kind kind, @Nullable Attempt attempt) {
        queue.add(new Deadline(atNanos, kind, attempt));
    }

    /** Takes out everything that is due and still applies. */
    List<Deadline> due(long nowNanos, Predicate<Deadline> applies) {
        List<Deadline> due = new ArrayList<>();
        for (Deadline head = queue.peek(); head != null && head.atNanos() - nowNanos <= 0; head = queue.peek()) {
            queue.remove();
            if (applies.test(head)) {
                due.add(head);
            }
        }
        return due;
    }

    /** Returns the earliest point in time at which something that still applies is due. */
    OptionalLong next(Predicate<Deadline> applies) {
        for (Deadline head = queue.peek(); head != null; head = queue.peek()) {
            if (applies.test(head)) {
                return OptionalLong.of(head.atNanos());
            }
            queue.remove();
        }
        return OptionalLong.empty();
    }
}
