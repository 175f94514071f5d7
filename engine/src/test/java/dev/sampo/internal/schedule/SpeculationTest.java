package dev.sampo.internal.schedule;

import static dev.sampo.internal.schedule.SchedulerFixture.N1;
import static dev.sampo.internal.schedule.SchedulerFixture.N2;
import static dev.sampo.internal.schedule.SchedulerFixture.N3;
import static dev.sampo.internal.schedule.SchedulerFixture.SECOND;
import static dev.sampo.internal.schedule.SchedulerFixture.attempt;
import static dev.sampo.internal.schedule.SchedulerFixture.outline;
import static dev.sampo.internal.schedule.SchedulerFixture.speculativeOutline;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.StageCounters;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobOutline;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpeculationTest {
    private static final int MAPS = 6;

    private final SchedulerFixture job = new SchedulerFixture(speculativeOutline(2));

    /** Five of six maps are done after 10 s each; the sixth runs on N3, since 20 s. */
    private static AttemptId withALateMap(SchedulerFixture job) {
        job.accept(N1, N2, N3).grant(N1).planned(MAPS).grant(N2);
        Set<AttemptId> held = new HashSet<>();
        for (int step = 0; step < 3; step++) {
            if (step == 1) {
                job.grant(N3);
            }
            launched(job, 2).stream().filter(attempt -> !held.contains(attempt)).forEach(job::started);
            job.pass(10 * SECOND);
            launched(job, 2).stream()
                    .filter(attempt -> !job.nodeOf(attempt).equals(N3) && held.add(attempt))
                    .forEach(job::held);
        }
        assertThat(map(job).attempts()).isEqualTo(MAPS);
        assertThat(held).hasSize(MAPS - 1);
        return onNode3(job, 2);
    }

    private static List<AttemptId> launched(SchedulerFixture job, int stage) {
        return job.everDecided(Decision.Launch.class).stream()
                .map(Decision.Launch::attempt)
                .filter(attempt -> attempt.task().stage() == stage)
                .toList();
    }

    private static AttemptId onNode3(SchedulerFixture job, int stage) {
        return launched(job, stage).stream()
                .filter(attempt -> job.nodeOf(attempt).equals(N3))
                .findFirst()
                .orElseThrow();
    }

    private static StageCounters map(SchedulerFixture job) {
        return job.scheduler.counters().stage("map");
    }

    private static AttemptId second(AttemptId first) {
        return new AttemptId(first.task(), 1);
    }

    @Test
    void aLateAttemptGetsASecondOneOnANodeThatIsNotSlowAndTheFirstDoneCounts() {
        AttemptId late = withALateMap(job);
        job.pass(2 * SECOND);
        assertThat(job.decided(Decision.SetDemand.class))
                .extracting(Decision.SetDemand::slots)
                .containsExactly(2);

        job.grant(N3);
        assertThat(job.launched()).as("on the slow node").isEmpty();
        job.grant(N1);
        assertThat(job.launched()).containsExactly(second(late));
        assertThat(job.nodeOf(second(late))).isEqualTo(N1);
        job.started(second(late)).pass(5 * SECOND);
        assertThat(job.launched()).as("a third attempt").isEmpty();

        job.held(second(late));
        assertThat(job.decided(Decision.CancelAttempt.class))
                .extracting(Decision.CancelAttempt::attempt)
                .containsExactly(late);
        assertThat(map(job).speculative()).isEqualTo(1);
        assertThat(map(job).speculativeWon()).isEqualTo(1);
        assertThat(map(job).failedAttempts()).isZero();
        assertThat(job.scheduler.outputs(2).get(late.task().index()).attempt()).isEqualTo(second(late));

        job.held(late);
        assertThat(job.decided(Decision.DiscardOutput.class))
                .extracting(Decision.DiscardOutput::attempt)
                .as("it came too late")
                .containsExactly(late);
        assertThat(job.scheduler.outputs(2).get(late.task().index()).attempt()).isEqualTo(second(late));
    }

    @Test
    void theSecondAttemptIsStoppedWhenTheFirstIsDoneBeforeIt() {
        AttemptId late = withALateMap(job);
        job.pass(2 * SECOND).grant(N2).started(second(late)).held(late);
        assertThat(job.decided(Decision.CancelAttempt.class))
                .extracting(Decision.CancelAttempt::attempt)
                .containsExactly(second(late));
        assertThat(map(job).speculative()).isEqualTo(1);
        assertThat(map(job).speculativeWon()).isZero();
    }

    @Test
    void progressTellsThatAnAttemptIsLateBeforeItsTimeDoes() {
        AttemptId late = withALateMap(job);
        // it has run for 20 s, no more than twice what others took, but will take ten times as long
        job.on(new SchedulerEvent.NodeHeard(N3, Set.of(late), Map.of(late, 0.1)))
                .pass(SECOND)
                .grant(N1);
        assertThat(job.launched()).containsExactly(second(late));
    }

    @Test
    void anAttemptThatIsNearlyDoneGetsNoSecondOne() {
        AttemptId late = withALateMap(job);
        for (int i = 0; i < 20; i++) {
            job.on(new SchedulerEvent.NodeHeard(N3, Set.of(late), Map.of(late, 0.9)))
                    .pass(SECOND / 10)
                    .grant(N1);
            assertThat(job.launched()).isEmpty();
        }
    }

    @Test
    void theOneThatIsLeftGoesOnAlone() {
        AttemptId late = withALateMap(job);
        job.pass(2 * SECOND).grant(N1).started(second(late));
        job.on(new SchedulerEvent.NodeLost(N3));
        assertThat(job.launched()).isEmpty();
        job.held(second(late));
        assertThat(job.launchedKinds()).isNotEmpty();
        assertThat(map(job).attempts()).isEqualTo(MAPS + 1);
    }

    @Test
    void theFailureOfOneIsChargedAndTheOtherGoesOn() {
        AttemptId late = withALateMap(job);
        job.pass(2 * SECOND).grant(N1).started(second(late)).failed(second(late));
        assertThat(map(job).failedAttempts()).isEqualTo(1);
        assertThat(job.everDecided(Decision.CancelAttempt.class)).isEmpty();
        job.held(late);
        assertThat(job.scheduler.outputs(2)).hasSize(MAPS);
    }

    @Test
    void ofTwoThatAskForTheCommitOneGetsIt() {
        SchedulerFixture reduce = new SchedulerFixture(speculativeOutline(4)).mapped(1, N1, N2, N3);
        reduce.grant(N1, N2, N3);
        List<AttemptId> first = launched(reduce, 3);
        AttemptId late = onNode3(reduce, 3);
        first.forEach(reduce::started);
        reduce.pass(10 * SECOND);
        for (int index = 0; index < 4; index++) {
            AttemptId other = attempt(3, index, 0);
            if (!other.equals(late)) {
                if (!reduce.wasLaunched(other)) {
                    reduce.grant(N1);
                }
                reduce.commitRequested(other);
            }
        }
        reduce.pass(30 * SECOND).grant(N2);
        assertThat(reduce.launched()).containsExactly(second(late));
        reduce.started(second(late));

        reduce.commitRequested(second(late));
        assertThat(reduce.decided(Decision.GrantCommit.class))
                .extracting(Decision.GrantCommit::attempt)
                .containsExactly(second(late));
        reduce.commitRequested(late);
        assertThat(reduce.decided(Decision.GrantCommit.class)).isEmpty();
        assertThat(reduce.decided(Decision.DenyCommit.class))
                .extracting(Decision.DenyCommit::attempt)
                .containsExactly(late);
    }

    @Test
    void aJobMayDoWithout() {
        JobOutline without = outline(2);
        SchedulerFixture plain = new SchedulerFixture(without);
        withALateMap(plain);
        plain.pass(20 * SECOND).grant(N1);
        assertThat(plain.launched()).isEmpty();
        assertThat(plain.everDecided(Decision.ReleaseSlot.class)).isNotEmpty();
    }
}
