package dev.sampo.internal.cluster;

import dev.sampo.internal.cluster.SeenMember.Phase;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one seed knows of the cluster at one moment, from its own detector and by gossip from the others.
 *
 * @param self the id of the seed that looks
 * @param members all members by id
 * @param observers who says of whom that it is unreachable: by the id of the unreachable, the ids of those who say so
 */
record MembershipView(String self, Map<String, SeenMember> members, Map<String, Set<String>> observers) {
    MembershipView {
        members = new TreeMap<>(members);
        observers = Map.copyOf(observers);
    }

    static MembershipView of(String self, Collection<SeenMember> members, Map<String, Set<String>> observers) {
        return new MembershipView(
                self, members.stream().collect(Collectors.toMap(SeenMember::id, member -> member)), observers);
    }

    /** Returns the seeds that were not taken out. */
    NavigableSet<String> seeds() {
        return ids(true, false);
    }

    /** Returns the workers that were not taken out. */
    NavigableSet<String> workers() {
        return ids(false, false);
    }

    /** Returns the seeds that were taken out and are not removed yet: not all that stay have seen it. */
    NavigableSet<String> seedsTakenOut() {
        return ids(true, true);
    }

    private NavigableSet<String> ids(boolean seed, boolean down) {
        return members.values().stream()
                .filter(member -> member.seed() == seed && (member.phase() == Phase.DOWN) == down)
                .map(SeenMember::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Phase phase(String id) {
        SeenMember member = members.get(id);
        return member == null ? Phase.DOWN : member.phase();
    }

    /** Returns how many of {@code observing} say of {@code subject} that they cannot reach it. */
    long saying(String subject, Set<String> observing) {
        return observers.getOrDefault(subject, Set.of()).stream()
                .filter(observing::contains)
                .count();
    }

    /** Returns the pairs of seeds of which one says that it cannot reach the other. */
    Set<SeedLink> brokenLinks() {
        Set<String> seeds = seeds();
        Set<SeedLink> broken = new TreeSet<>();
        for (String subject : seeds) {
            for (String observer : observers.getOrDefault(subject, Set.of())) {
                if (seeds.contains(observer) && !observer.equals(subject)) {
                    broken.add(SeedLink.between(observer, subject));
                }
            }
        }
        return broken;
    }
}
