package dev.sampo.internal.schedule;

import java.util.Arrays;

/** How long the last attempts of a stage took that were accepted. Bounded, however many there are. Used by one thread. */
final class Durations {
    private static final int KEPT = 512;

    private long[] nanos = new long[8];
    private int kept;
    private int next;

    /** Adds the duration of an attempt. */
    void add(long duration) {
        if (kept == nanos.length && kept < KEPT) {
            nanos = Arrays.copyOf(nanos, Math.min(KEPT, 2 * kept));
        }
        if (kept < nanos.length) {
            nanos[kept++] = duration;
        } else {
            nanos[next] = duration;
            next = (next + 1) % KEPT;
        }
    }

    /** Returns whether there is one. */
    boolean isKnown() {
        return kept > 0;
    }

    /**
     * Returns the median, the upper of two.
     *
     * @throws IllegalStateException when there is none
     */
    long medianNanos() {
        if (kept == 0) {
            throw new IllegalStateException("no attempt is done; expected one");
        }
        long[] sorted = Arrays.copyOf(nanos, kept);
        Arrays.sort(sorted);
        return sorted[kept / 2];
    }
}
