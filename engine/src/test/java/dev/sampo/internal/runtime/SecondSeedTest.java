package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.runtime.SecondSeed.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecondSeedTest {
    private static final String SELF = "10.0.0.2:25520";
    private static final String FIRST = "10.0.0.1:25520";
    private static final String THIRD = "10.0.0.3:25520";

    @Test
    void aLoneSeedAndOneOfThreeGoOn() {
        SecondSeed rule = new SecondSeed(1);
        assertThat(rule.on(List.of(SELF), SELF, 0)).isEqualTo(Verdict.JOIN);
        assertThat(rule.on(List.of(FIRST, SELF, THIRD), SELF, 1)).isEqualTo(Verdict.JOIN);
    }

    @Test
    void theSecondOfTwoWaitsAndIsThenRefused() {
        SecondSeed rule = new SecondSeed(1);
        assertThat(rule.on(List.of(FIRST, SELF), SELF, at(100))).isEqualTo(Verdict.WAIT);
        assertThat(rule.on(List.of(FIRST, SELF), SELF, at(144))).isEqualTo(Verdict.WAIT);
        assertThat(rule.on(List.of(FIRST, SELF), SELF, at(145))).isEqualTo(Verdict.REFUSE);
    }

    @Test
    void aSeedThatIsNotListedItselfYetCountsTheOthers() {
        SecondSeed rule = new SecondSeed(1);
        assertThat(rule.on(List.of(FIRST), SELF, 0)).isEqualTo(Verdict.WAIT);
        assertThat(rule.on(List.of(FIRST, THIRD), SELF, 1)).isEqualTo(Verdict.JOIN);
    }

    @Test
    void whatPassesTwoOnItsWayToThreeIsNotRefusedAndEachTimeOfTwoIsCountedAnew() {
        SecondSeed rule = new SecondSeed(1);
        assertThat(rule.on(List.of(FIRST, SELF), SELF, at(0))).isEqualTo(Verdict.WAIT);
        assertThat(rule.on(List.of(FIRST, SELF, THIRD), SELF, at(40))).isEqualTo(Verdict.JOIN);
        assertThat(rule.on(List.of(FIRST, SELF), SELF, at(60))).isEqualTo(Verdict.WAIT);
        assertThat(rule.on(List.of(SELF), SELF, at(80))).isEqualTo(Verdict.JOIN);
    }

    @Test
    void twoOfThreeThatAreExpectedAreOneMissing() {
        SecondSeed rule = new SecondSeed(3);
        assertThat(rule.on(List.of(FIRST, SELF), SELF, at(0))).isEqualTo(Verdict.JOIN);
        assertThat(rule.on(List.of(FIRST, SELF), SELF, at(1000))).isEqualTo(Verdict.JOIN);
    }

    @Test
    void theReasonNamesWhatWasFoundAndWhatWasExpected() {
        assertThat(SecondSeed.reason("seeds.example.org", List.of(SELF, FIRST)))
                .isEqualTo(
                        "seeds.example.org lists [10.0.0.1:25520, 10.0.0.2:25520], with this node two seeds; expected"
                                + " one seed, or three or more: of two, the loss of one leaves no majority, and the cluster ends"
                                + " with it as if there were one");
    }

    private static long at(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
