package dev.sampo.internal.cluster;

import java.util.Comparator;
import java.util.Set;

/**
 * The connection of two seeds, whichever way it is looked at.
 *
 * @param lower the id that sorts first
 * @param higher the other
 */
record SeedLink(String lower, String higher) implements Comparable<SeedLink> {
    private static final Comparator<SeedLink> ORDER =
            Comparator.comparing(SeedLink::lower).thenComparing(SeedLink::higher);

    static SeedLink between(String one, String other) {
        return one.compareTo(other) < 0 ? new SeedLink(one, other) : new SeedLink(other, one);
    }

    boolean touches(String seed) {
        return lower.equals(seed) || higher.equals(seed);
    }

    boolean isWithin(Set<String> seeds) {
        return seeds.contains(lower) && seeds.contains(higher);
    }

    @Override
    public int compareTo(SeedLink other) {
        return ORDER.compare(this, other);
    }
}
