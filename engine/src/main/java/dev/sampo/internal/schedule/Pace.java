package dev.sampo.internal.schedule;

/**
 * How long the map attempts of a job take, and so how many of them a slot may be given at once. Attempts that are over
 * before the coordinator could send the next one would leave their slot waiting for it most of the time; of longer ones
 * a slot gets one at a time, so that every other slot may still take the next.
 */
final class Pace {
    /** How much work a slot may be given: longer than a message takes, and too short for anybody to wait for in vain. */
    private static final long AHEAD_NANOS = 20_000_000;

    private static final int MOST = 32;

    /** One attempt in so many makes the average: a pause of a node, such as a collection, does not change it for long. */
    private static final int WEIGHT = 8;

    private long average = -1;

    /** Notes how long an attempt took. */
    void took(long nanos) {
        average = average < 0 ? nanos : average + (nanos - average) / WEIGHT;
    }

    /** Returns how many attempts a slot may have, at least 1. */
    int depth() {
        return average < 0 ? 1 : (int) Math.min(MOST, Math.max(1, AHEAD_NANOS / Math.max(1, average)));
    }
}
