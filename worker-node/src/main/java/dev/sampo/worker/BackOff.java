package dev.sampo.worker;

import java.time.Duration;

/**
 * How long to wait before a node that died is started again: not at all the first time, then 1 s, doubling to 30 s. A
 * node that lived for a minute begins anew.
 */
final class BackOff {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final Duration LONG_LIFE = Duration.ofMinutes(1);

    private Duration next = Duration.ZERO;

    /** Returns how long to wait after a life of this length. */
    Duration after(Duration life) {
        if (life.compareTo(LONG_LIFE) >= 0) {
            next = Duration.ZERO;
        }
        Duration wait = next;
        Duration doubled = next.isZero() ? LEAST : next.multipliedBy(2);
        next = doubled.compareTo(MOST) > 0 ? MOST : doubled;
        return wait;
    }
}
