package dev.sampo.internal.cluster;

import dev.sampo.internal.cluster.SeenMember.Phase;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the seeds come out of a view in which some of them cannot reach one another.
 *
 * @param staying the seeds that all reach one another and go on
 * @param hasMajority whether they are enough to go on
 */
record SeedVote(NavigableSet<String> staying, boolean hasMajority) {
    /** With more seeds than this the group that stays is searched for step by step: it may miss the largest. */
    private static final int MOST_TRIED = 12;

    /**
     * Counts the votes. Those stay that are the most voting seeds of which each reaches each; of groups of one size the
     * one with the first seed, then the one that sorts first. They have the majority when they are more than half of the
     * seeds, or just half with the one that sorts first among them.
     *
     * <p>Two sides that do not hear of one another may differ in who has just come in or gone. A joining seed counts
     * against those it is not with and never for those it is with; one that is going, or was taken out and is not yet
     * removed, counts but has no vote. So never do both sides get a majority.
     *
     * @param broken the links that are down, as this view knows them
     */
    static SeedVote of(MembershipView view, Set<SeedLink> broken) {
        NavigableSet<String> staying =
                view.seeds().size() <= MOST_TRIED ? largest(view, broken) : stepByStep(view, broken);
        TreeSet<String> counted = new TreeSet<>(view.seedsTakenOut());
        for (String seed : view.seeds()) {
            if (view.phase(seed) != Phase.ENTERING || !staying.contains(seed)) {
                counted.add(seed);
            }
        }
        int votes = votes(view, staying);
        boolean tieIsTheirs =
                votes > 0 && staying.contains(counted.first()) && view.phase(counted.first()) == Phase.VOTING;
        return new SeedVote(staying, 2 * votes > counted.size() || (2 * votes == counted.size() && tieIsTheirs));
    }

    private static int votes(MembershipView view, Set<String> group) {
        return (int)
                group.stream().filter(seed -> view.phase(seed) == Phase.VOTING).count();
    }

    private static NavigableSet<String> largest(MembershipView view, Set<SeedLink> broken) {
        List<String> seeds = List.copyOf(view.seeds());
        Comparator<NavigableSet<String>> better = Comparator.<NavigableSet<String>>comparingInt(
                        group -> votes(view, group))
                .thenComparingInt(NavigableSet::size)
                .thenComparing(group -> String.join(" ", group), Comparator.reverseOrder());
        NavigableSet<String> best = new TreeSet<>();
        for (int choice = 1; choice < 1 << seeds.size(); choice++) {
            TreeSet<String> group = new TreeSet<>();
            for (int seed = 0; seed < seeds.size(); seed++) {
                if ((choice >> seed & 1) == 1) {
                    group.add(seeds.get(seed));
                }
            }
            if (better.compare(group, best) > 0 && worst(group, broken) == null) {
                best = group;
            }
        }
        return best;
    }

    private static NavigableSet<String> stepByStep(MembershipView view, Set<SeedLink> broken) {
        TreeSet<String> staying = new TreeSet<>(view.seeds());
        for (String worst = worst(staying, broken); worst != null; worst = worst(staying, broken)) {
            staying.remove(worst);
        }
        return staying;
    }

    /** Returns who of a group has the most broken links within it, of equals the last; null when none has any. */
    private static @Nullable String worst(Set<String> group, Set<SeedLink> broken) {
        String worst = null;
        long most = 0;
        for (String seed : group) {
            long links = broken.stream()
                    .filter(link -> link.touches(seed) && link.isWithin(group))
                    .count();
            if (links > 0 && links >= most) {
                worst = seed;
                most = links;
            }
        }
        return worst;
    }
}
