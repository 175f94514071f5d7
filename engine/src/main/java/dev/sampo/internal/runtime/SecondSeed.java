package dev.sampo.internal.runtime;

import dev.sampo.internal.config.ClusterSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps a seed from becoming the second of two. Seeds in a list are counted when settings are read; those that are looked
 * up are only known as they start. Where one is expected and two are found, a seed that starts neither forms a cluster nor
 * joins one: the other one may be in charge already, and goes on alone, as it was. It waits, because a number of seeds that
 * is being raised from one to three passes two; when it stays two, the seed ends with the reason. Where three are expected,
 * two found are a cluster with one seed missing, which is none of this. Used by one thread.
 */
public final class SecondSeed {
    /** What is done with what was found. */
    public enum Verdict {
        /** Go on. */
        JOIN,
        /** Look again, and do nothing until then. */
        WAIT,
        /** End the node. */
        REFUSE
    }

    /** Longer than resolvers keep the old address of a lone seed that has moved (30 s), less than a join may take. */
    static final Duration SETTLE = Duration.ofSeconds(45);

    private final int expected;
    private boolean two;
    private long sinceNanos;

    /**
     * Creates the rule of one seed.
     *
     * @param expected how many seeds there are when all run
     */
    public SecondSeed(int expected) {
        this.expected = expected;
    }

    /**
     * Decides.
     *
     * @param others the seeds that were found, with this one or without
     * @param self this one, as it is found by others
     * @param nowNanos a monotonic reading
     */
    public Verdict on(Collection<String> others, String self, long nowNanos) {
        Set<String> all = new TreeSet<>(others);
        all.add(self);
        if (expected > 1 || all.size() != 2) {
            two = false;
            return Verdict.JOIN;
        }
        if (!two) {
            two = true;
            sinceNanos = nowNanos;
        }
        return nowNanos - sinceNanos < SETTLE.toNanos() ? Verdict.WAIT : Verdict.REFUSE;
    }

    /** Returns what is wrong, with what was found and what was expected. */
    public static String reason(String where, Collection<String> found) {
        return where + " lists " + new TreeSet<>(found) + ", with this node two seeds; expected "
                + ClusterSettings.NOT_TWO;
    }
}
