package dev.sampo.internal.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Counts how often each of many things changed during the last minute. */
final class FlapCount<T> {
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final int most;
    private final Map<T, Deque<Long>> changes = new HashMap<>();

    /**
     * Creates an empty count.
     *
     * @param most how many changes a minute are still no flapping
     */
    FlapCount(int most) {
        this.most = most;
    }

    void changed(T thing, long now) {
        changes.computeIfAbsent(thing, each -> new ArrayDeque<>()).addLast(now);
    }

    /** Returns what changed too often, and forgets what is older than the window. */
    Set<T> flapping(long now) {
        Set<T> flapping = new HashSet<>();
        changes.values().removeIf(times -> {
            while (!times.isEmpty() && now - times.getFirst() > WINDOW_NANOS) {
                times.removeFirst();
            }
            return times.isEmpty();
        });
        changes.forEach((thing, times) -> {
            if (times.size() > most) {
                flapping.add(thing);
            }
        });
        return flapping;
    }
}
