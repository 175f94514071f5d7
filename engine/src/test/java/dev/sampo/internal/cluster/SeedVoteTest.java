package dev.sampo.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.cluster.SeenMember.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** All partitions of up to six seeds in two, with all that the two sides may differ in. */
class SeedVoteTest {
    private static final int MOST_SEEDS = 6;

    /** What each of the two sides knows of one seed: null when it does not know of it. */
    private record Known(Phase bySide, Phase byOther) {}

    /**
     * A joining seed is let in only after all have seen it joining, a leaving one goes only after all have seen it
     * exiting. So the sides may differ by one step, in one seed.
     */
    private static final List<Known> STEPS = List.of(
            new Known(Phase.VOTING, Phase.VOTING),
            new Known(Phase.VOTING, Phase.ENTERING),
            new Known(Phase.ENTERING, Phase.DOWN), // DOWN stands for: not there
            new Known(Phase.ENTERING, Phase.ENTERING),
            new Known(Phase.EXITING, Phase.VOTING),
            new Known(Phase.EXITING, Phase.EXITING),
            new Known(Phase.DOWN, Phase.EXITING));

    @Test
    void neverDoBothSidesGetAMajority() {
        int cases = 0;
        for (int seeds = 1; seeds <= MOST_SEEDS; seeds++) {
            for (int side = 0; side < 1 << seeds; side++) {
                for (int special = 0; special < seeds; special++) {
                    for (Known step : STEPS) {
                        for (boolean swapped : new boolean[] {false, true}) {
                            boolean one = hasMajority(seeds, side, special, swapped ? step.byOther : step.bySide);
                            boolean other = hasMajority(
                                    seeds, ~side & ((1 << seeds) - 1), special, swapped ? step.bySide : step.byOther);
                            assertThat(one && other)
                                    .as(
                                            "%d seeds, side %s, seed %d is %s",
                                            seeds, Integer.toBinaryString(side), special, step)
                                    .isFalse();
                            cases++;
                        }
                    }
                }
            }
        }
        assertThat(cases).isGreaterThan(5_000);
    }

    @Test
    void theLargerSideOfSeedsThatAllVoteGoesOn() {
        for (int seeds = 1; seeds <= MOST_SEEDS; seeds++) {
            for (int side = 1; side < 1 << seeds; side++) {
                int size = Integer.bitCount(side);
                boolean expected = 2 * size > seeds || (2 * size == seeds && (side & 1) == 1);
                assertThat(hasMajority(seeds, side, 0, Phase.VOTING))
                        .as("%d seeds, side %s", seeds, Integer.toBinaryString(side))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void whoStaysAllReachOneAnother() {
        List<String> seeds = List.of("s0", "s1", "s2", "s3", "s4");
        List<SeedLink> links = new ArrayList<>();
        for (int low = 0; low < seeds.size(); low++) {
            for (int high = low + 1; high < seeds.size(); high++) {
                links.add(SeedLink.between(seeds.get(high), seeds.get(low)));
            }
        }
        for (int picture = 0; picture < 1 << links.size(); picture++) {
            Set<SeedLink> broken = new TreeSet<>();
            Map<String, Set<String>> observers = new HashMap<>();
            for (int link = 0; link < links.size(); link++) {
                if ((picture >> link & 1) == 1) {
                    broken.add(links.get(link));
                    observers
                            .computeIfAbsent(links.get(link).lower(), id -> new HashSet<>())
                            .add(links.get(link).higher());
                }
            }
            MembershipView view = MembershipView.of(
                    "s0",
                    seeds.stream()
                            .map(id -> new SeenMember(id, true, Phase.VOTING))
                            .toList(),
                    observers);
            SeedVote vote = SeedVote.of(view, broken);
            assertThat(view.brokenLinks()).isEqualTo(broken);
            assertThat(broken)
                    .noneMatch(link -> vote.staying().contains(link.lower())
                            && vote.staying().contains(link.higher()));
        }
    }

    /** Returns whether the seeds of a side, none of which reaches the others, are told to go on. */
    private static boolean hasMajority(int seeds, int side, int special, Phase phaseOfSpecial) {
        List<SeenMember> members = new ArrayList<>();
        Map<String, Set<String>> observers = new HashMap<>();
        Set<String> ours = new HashSet<>();
        for (int seed = 0; seed < seeds; seed++) {
            if ((side >> seed & 1) == 1) {
                ours.add("s" + seed);
            }
        }
        for (int seed = 0; seed < seeds; seed++) {
            members.add(new SeenMember("s" + seed, true, seed == special ? phaseOfSpecial : Phase.VOTING));
            if (!ours.contains("s" + seed)) {
                observers.put("s" + seed, ours);
            }
        }
        MembershipView view = MembershipView.of("s0", members, observers);
        SeedVote vote = SeedVote.of(view, view.brokenLinks());
        return vote.hasMajority() && vote.staying().stream().anyMatch(ours::contains);
    }
}
