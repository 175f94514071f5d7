package dev.sampo.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.cluster.DowningRules.Verdict;
import dev.sampo.internal.cluster.SeenMember.Phase;
import dev.sampo.internal.config.DowningSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One seed's rules, case by case. Time is in seconds. */
class DowningRulesTest {
    private static final DowningSettings SETTINGS =
            new DowningSettings(Duration.ofSeconds(3), Duration.ofSeconds(5), 6, Duration.ofSeconds(2));

    private final Map<String, SeenMember> members = new HashMap<>();
    private final Map<String, Set<String>> observers = new HashMap<>();
    private final DowningRules rules = new DowningRules(SETTINGS);
    private String self = "s1";

    @Test
    void aLoneSeedTakesOutAWorkerAfterTheWorkersTime() {
        seeds("s1");
        workers("w1", "w2");
        at(0);
        unreachable("w1", "s1");
        at(1);

        assertThat(at(5.9)).isEmpty();
        assertThat(at(6)).containsExactly("w1");
    }

    @Test
    void everyWorkerHasATimeOfItsOwn() {
        seeds("s1");
        workers("w1", "w2");
        unreachable("w1", "s1");
        at(0);
        unreachable("w2", "s1");
        at(4);

        assertThat(at(5)).containsExactly("w1");
        assertThat(at(8.9)).containsExactly("w1");
        assertThat(at(9)).containsExactlyInAnyOrder("w1", "w2");
    }

    @Test
    void aWorkerThatComesBackInTimeStays() {
        seeds("s1");
        workers("w1");
        unreachable("w1", "s1");
        at(0);
        reachable("w1", "s1");
        at(4);

        assertThat(at(100)).isEmpty();
    }

    @Test
    void theMajorityTakesOutTheSeedItCannotReach() {
        seeds("s1", "s2", "s3");
        unreachable("s3", "s1", "s2");
        at(0);

        assertThat(at(2.9)).isEmpty();
        assertThat(at(3)).containsExactly("s3");
    }

    @Test
    void theMinorityLeaves() {
        seeds("s1", "s2", "s3");
        workers("w1");
        unreachable("s2", "s1");
        unreachable("s3", "s1");
        unreachable("w1", "s1");
        at(0);

        assertThat(at(3)).as("and touches no worker").containsExactly("s1");
        assertThat(at(30)).containsExactly("s1");
    }

    @Test
    void aFlappingWorkerDelaysNoDecisionAboutASeedAndGoesWithIt() {
        seeds("s1", "s2", "s3");
        workers("w1", "w2");
        at(0);
        unreachable("s3", "s1", "s2");
        at(1);
        for (int step = 0; step < 10; step++) {
            toggle("w1", "s1", "s2");
            assertThat(at(1.2 + step * 0.2)).isEmpty();
        }
        unreachable("w1", "s1");

        assertThat(at(4)).containsExactlyInAnyOrder("s3", "w1");
    }

    @Test
    void aFlappingWorkerIsTakenOutAlthoughItIsReachableAgain() {
        seeds("s1");
        workers("w1", "w2");
        for (int change = 0; change < 6; change++) {
            toggle("w1", "s1");
            assertThat(at(change)).isEmpty();
        }
        reachable("w1", "s1");
        at(6);
        toggle("w1", "s1");
        reachable("w1", "s1");
        at(7);
        toggle("w1", "s1");

        assertThat(at(8)).containsExactly("w1");
    }

    @Test
    void aWorkerThatIsTroubledNowAndThenStays() {
        seeds("s1");
        workers("w1");
        for (int change = 0; change < 40; change++) {
            toggle("w1", "s1");
            double time = change * 30.0;
            assertThat(at(time)).isEmpty();
            reachable("w1", "s1");
            assertThat(at(time + 4)).isEmpty();
        }
    }

    @Test
    void whatWorkersSayOfOthersCountsForNothing() {
        seeds("s1", "s2", "s3");
        workers("w1", "w2");
        unreachable("s2", "w1", "w2");
        unreachable("w2", "w1");
        at(0);

        assertThat(at(60)).isEmpty();
    }

    @Test
    void oneSeedOfThreeDoesNotTakeOutAWorkerThatTheOthersReach() {
        seeds("s1", "s2", "s3");
        workers("w1");
        unreachable("w1", "s1");
        at(0);
        assertThat(at(60)).isEmpty();

        unreachable("w1", "s2");
        at(61);
        assertThat(at(66)).containsExactly("w1");
    }

    @Test
    void onlyTheFirstSeedTakesOutWorkers() {
        self = "s2";
        seeds("s1", "s2", "s3");
        workers("w1");
        unreachable("w1", "s1", "s2", "s3");
        at(0);

        assertThat(at(60)).isEmpty();
    }

    @Test
    void unreachableWorkersGoAtOnceWhileASeedIsBeingTakenOut() {
        seeds("s1", "s2", "s3");
        workers("w1");
        members.put("s3", new SeenMember("s3", true, Phase.DOWN));
        at(0);
        unreachable("w1", "s1");

        assertThat(at(1)).containsExactly("w1");
    }

    @Test
    void aBrokenLinkBetweenTwoOfThreeSeedsCostsOneOfThem() {
        seeds("s1", "s2", "s3");
        unreachable("s2", "s1");
        at(0);
        assertThat(at(3)).containsExactly("s2");

        self = "s2";
        assertThat(at(3)).as("which says the same").containsExactly("s2");
    }

    @Test
    void aFlappingLinkCountsAsBrokenAndDelaysNothing() {
        seeds("s1", "s2", "s3");
        at(0);
        List<String> decided = List.of();
        for (int change = 1; change <= 40 && decided.isEmpty(); change++) {
            toggle("s3", "s1", "s2");
            decided = at(change * 0.5);
        }

        assertThat(decided).containsExactly("s3");
    }

    @Test
    void ofTwoSeedsTheFirstGoesOn() {
        seeds("s1", "s2");
        unreachable("s2", "s1");
        at(0);
        assertThat(at(3)).containsExactly("s2");
    }

    @Test
    void aJoiningSeedHasNoSay() {
        seeds("s1", "s2", "s3");
        members.put("s1", new SeenMember("s1", true, Phase.ENTERING));
        unreachable("s2", "s1");
        unreachable("s3", "s1");
        at(0);

        assertThat(at(60)).isEmpty();
    }

    private void seeds(String... ids) {
        for (String id : ids) {
            members.put(id, new SeenMember(id, true, Phase.VOTING));
        }
    }

    private void workers(String... ids) {
        for (String id : ids) {
            members.put(id, new SeenMember(id, false, Phase.VOTING));
        }
    }

    private void unreachable(String subject, String... by) {
        observers.computeIfAbsent(subject, id -> new HashSet<>()).addAll(List.of(by));
    }

    private void reachable(String subject, String... by) {
        observers.getOrDefault(subject, new HashSet<>()).removeAll(Set.of(by));
    }

    private void toggle(String subject, String... by) {
        if (observers.getOrDefault(subject, Set.of()).contains(by[0])) {
            reachable(subject, by);
        } else {
            unreachable(subject, by);
        }
    }

    /** Shows the rules the members as they are now, and returns whom they take out. */
    private List<String> at(double seconds) {
        long now = Math.round(seconds * 1e9);
        Map<String, Set<String>> copy = new HashMap<>();
        observers.forEach((subject, by) -> copy.put(subject, Set.copyOf(by)));
        rules.see(MembershipView.of(self, new ArrayList<>(members.values()), copy), now);
        return rules.decide(now).stream().map(Verdict::member).toList();
    }
}
