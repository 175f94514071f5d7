package dev.sampo.internal.client;

import java.util.OptionalLong;
import java.util.SplittableRandom;

/** How long to wait before the next try: twice as long each time, scattered, up to a limit. Used by one thread. */
final class Backoff {
    private static final long FIRST_MILLIS = 100;
    private static final long MOST_MILLIS = 5_000;
    private static final int MOST_DOUBLINGS = 10;

    private final SplittableRandom random;
    private int failures;

    Backoff(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Starts anew after a success. */
    void reset() {
        failures = 0;
    }

    /** Returns the next delay, no less than what the other side asked for. */
    long nextMillis(OptionalLong askedSeconds) {
        long full = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(failures++, MOST_DOUBLINGS));
        long scattered = full / 2 + random.nextLong(full / 2 + 1);
        return Math.max(scattered, 1_000 * askedSeconds.orElse(0));
    }
}
