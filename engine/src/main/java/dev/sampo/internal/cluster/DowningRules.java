package dev.sampo.internal.cluster;

import dev.sampo.internal.cluster.SeenMember.Phase;
import dev.sampo.internal.config.DowningSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for one seed, who has to leave the cluster. Pure: knows no clock and no actor; {@link SeedDowning} feeds it.
 * See {@code docs/design/004-membership.md}.
 *
 * <ul>
 *   <li>Seeds judge seeds, by {@link SeedVote}, once what they see of <em>one another</em> has stayed the same for a
 *       while. No worker can delay that. A link between seeds that comes and goes too often counts as broken.
 *   <li>Seeds that are not with the majority leave, and decide nothing else.
 *   <li>The first of the seeds takes out a worker that at least half of them cannot reach, each worker after a time of
 *       its own, and one that comes and goes too often at once.
 *   <li>Pekko removes a member only when every other member that is not down has seen it go. So while a seed is being
 *       taken out, unreachable workers go at once: they would delay its successor.
 * </ul>
 */
final class DowningRules {
    private final DowningSettings settings;
    private final FlapCount<SeedLink> linkFlaps;
    private final FlapCount<String> workerFlaps;
    private final Map<String, Long> unreachableSince = new HashMap<>();
    private @Nullable MembershipView view;
    private Set<SeedLink> broken = Set.of();
    private Map<String, Phase> seedPhases = Map.of();
    private long seedsStableSince;

    DowningRules(DowningSettings settings) {
        this.settings = settings;
        this.linkFlaps = new FlapCount<>(settings.flapsPerMinute());
        this.workerFlaps = new FlapCount<>(settings.flapsPerMinute());
    }

    /**
     * Somebody has to leave.
     *
     * @param member the id of a member, or of the seed that decides
     * @param reason why, for people
     */
    record Verdict(String member, String reason) {}

    /** Takes what is known from {@code now} on, in nanoseconds of a monotonic clock. */
    void see(MembershipView seen, long now) {
        seeSeeds(seen, now);
        seeWorkers(seen, now);
        view = seen;
    }

    private void seeSeeds(MembershipView seen, long now) {
        Set<SeedLink> nowBroken = seen.brokenLinks();
        Set<SeedLink> changed = new TreeSet<>(nowBroken);
        changed.addAll(broken);
        changed.removeIf(link -> nowBroken.contains(link) && broken.contains(link));
        for (SeedLink link : changed) {
            if (link.isWithin(seen.seeds())) {
                linkFlaps.changed(link, now);
            }
        }
        changed.removeAll(linkFlaps.flapping(now)); // a link that flaps is broken to us, and so does not change
        Map<String, Phase> phases = new HashMap<>();
        seen.seeds().forEach(seed -> phases.put(seed, seen.phase(seed)));
        if (view == null || !changed.isEmpty() || !phases.equals(seedPhases)) {
            seedsStableSince = now;
        }
        broken = nowBroken;
        seedPhases = phases;
    }

    private void seeWorkers(MembershipView seen, long now) {
        Set<String> workers = seen.workers();
        unreachableSince.keySet().retainAll(workers);
        for (String worker : workers) {
            boolean unreachable = isUnreachable(seen, worker);
            if (unreachable != unreachableSince.containsKey(worker)) {
                workerFlaps.changed(worker, now);
                if (unreachable) {
                    unreachableSince.put(worker, now);
                } else {
                    unreachableSince.remove(worker);
                }
            }
        }
    }

    private static boolean isUnreachable(MembershipView view, String worker) {
        Set<String> seeds = view.seeds();
        long saying = view.saying(worker, seeds);
        return saying > 0 && 2 * saying >= seeds.size();
    }

    /** Returns who has to leave now; the same again until the members show it. */
    List<Verdict> decide(long now) {
        MembershipView seen = view;
        if (seen == null || (seen.phase(seen.self()) != Phase.VOTING && seen.phase(seen.self()) != Phase.EXITING)) {
            return List.of();
        }
        Set<SeedLink> links = new TreeSet<>(broken);
        Set<String> seeds = seen.seeds();
        linkFlaps.flapping(now).stream().filter(link -> link.isWithin(seeds)).forEach(links::add);
        if (!links.isEmpty()) {
            boolean stable =
                    now - seedsStableSince >= settings.seedStableAfter().toNanos();
            return stable ? aboutSeeds(seen, SeedVote.of(seen, links)) : List.of();
        }
        return seen.self().equals(firstVoting(seen)) ? aboutWorkers(seen, now) : List.of();
    }

    private List<Verdict> aboutSeeds(MembershipView seen, SeedVote vote) {
        String self = seen.self();
        NavigableSet<String> staying = vote.staying();
        if (!vote.hasMajority() || !staying.contains(self)) {
            return List.of(new Verdict(
                    self, "it is not with the majority of the seeds " + seen.seeds() + "; these go on: " + staying));
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (String seed : seen.seeds()) {
            if (!staying.contains(seed)) {
                verdicts.add(new Verdict(seed, "the majority of the seeds, " + staying + ", goes on without it"));
            }
        }
        for (String worker : seen.workers()) {
            if (seen.saying(worker, staying) > 0) {
                verdicts.add(new Verdict(worker, "it is unreachable while a seed is taken out"));
            }
        }
        return verdicts;
    }

    private List<Verdict> aboutWorkers(MembershipView seen, long now) {
        List<Verdict> verdicts = new ArrayList<>();
        Set<String> flapping = workerFlaps.flapping(now);
        for (String worker : seen.workers()) {
            Long since = unreachableSince.get(worker);
            if (flapping.contains(worker)) {
                verdicts.add(new Verdict(
                        worker, "it came and went more than " + settings.flapsPerMinute() + " times in a minute"));
            } else if (since != null && !seen.seedsTakenOut().isEmpty()) {
                verdicts.add(new Verdict(worker, "it is unreachable while a seed is taken out"));
            } else if (since != null
                    && now - since >= settings.workerStableAfter().toNanos()) {
                verdicts.add(new Verdict(
                        worker, "it has been unreachable for " + settings.workerStableAfter() + " or longer"));
            }
        }
        return verdicts;
    }

    private static @Nullable String firstVoting(MembershipView seen) {
        return seen.seeds().stream()
                .filter(seed -> seen.phase(seed) == Phase.VOTING)
                .findFirst()
                .orElse(null);
    }
}
