package dev.sampo.internal.schedule;

import static dev.sampo.internal.schedule.SchedulerFixture.N1;
import static dev.sampo.internal.schedule.SchedulerFixture.N2;
import static dev.sampo.internal.schedule.SchedulerFixture.N3;
import static dev.sampo.internal.schedule.SchedulerFixture.SECOND;
import static dev.sampo.internal.schedule.SchedulerFixture.attempt;
import static dev.sampo.internal.schedule.SchedulerFixture.fetchFailure;
import static dev.sampo.internal.schedule.SchedulerFixture.outline;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.NodeId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of attempts whose nodes fall silent, and of what nodes that leave run and hold. */
final class LeaseAndDrainTest {
    private static final long LEASE = 15 * SECOND;

    @Test
    void runsAnAttemptElsewhereWhoseLeaseHasRunOut() {
        SchedulerFixture job = leased().planned(1);
        AttemptId map = attempt(2, 0, 0);
        job.started(map).pass(LEASE - 1);
        assertThat(job.decided(Decision.CancelAttempt.class)).isEmpty();
        job.pass(1);
        assertThat(job.decided(Decision.CancelAttempt.class)).hasSize(1);
        assertThat(job.grant(N2).launched()).containsExactly(attempt(2, 0, 1));
        assertThat(job.scheduler.counters().stage("map").failedAttempts())
                .as("charged to nobody")
                .isZero();
    }

    @Test
    void leavesAnAttemptAloneWhoseNodeKeepsListingIt() {
        SchedulerFixture job = leased().planned(1);
        AttemptId map = attempt(2, 0, 0);
        job.started(map);
        for (int beat = 0; beat < 20; beat++) {
            job.pass(LEASE / 6).on(new SchedulerEvent.NodeHeard(N1, Set.of(map)));
        }
        assertThat(job.everDecided(Decision.CancelAttempt.class)).isEmpty();
    }

    @Test
    void takesAListedAttemptForStartedThoughTheReportWasLost() {
        SchedulerFixture job = leased().planned(1);
        job.on(new SchedulerEvent.NodeHeard(N1, Set.of(attempt(2, 0, 0)))).pass(12 * SECOND);
        assertThat(job.everDecided(Decision.CancelAttempt.class)).isEmpty();
    }

    @Test
    void runsAnAttemptAgainThatItsNodeDoesNotListTwiceInARow() {
        SchedulerFixture job = leased().planned(1);
        job.started(attempt(2, 0, 0)).on(new SchedulerEvent.NodeHeard(N1, Set.of()));
        assertThat(job.decisions).as("its report may be under way").isEmpty();
        job.on(new SchedulerEvent.NodeHeard(N1, Set.of()));
        assertThat(job.decided(Decision.CancelAttempt.class)).hasSize(1);
        job.stopped(attempt(2, 0, 0));
        assertThat(job.launched()).containsExactly(attempt(2, 0, 1));
    }

    @Test
    void tellsANodeToStopWhatTheJobDoesNotKnowAnyMoreAndRepeatsAGrant() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).mapped(1, N1).commitRequested(attempt(3, 0, 0));
        job.on(new SchedulerEvent.NodeHeard(N1, Set.of(attempt(3, 0, 0), attempt(2, 0, 0))));
        assertThat(job.decided(Decision.GrantCommit.class)).containsExactly(new Decision.GrantCommit(attempt(3, 0, 0)));
        assertThat(job.decided(Decision.CancelAttempt.class))
                .extracting(Decision.CancelAttempt::attempt)
                .containsExactly(attempt(2, 0, 0));
    }

    @Test
    void movesWhatALeavingNodeHoldsAndRunsNothingAgain() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).mapped(2, N1, N2);
        job.place(N2, N3).on(new SchedulerEvent.NodeDraining(N1));
        List<Decision.MoveOutput> moves = job.decided(Decision.MoveOutput.class);
        assertThat(moves).isNotEmpty().allMatch(move -> move.from().equals(N1) && move.partitions() == 1);
        assertThat(job.everDecided(Decision.NodeEmptied.class)).isEmpty();
        for (Decision.MoveOutput move : moves) {
            job.on(new SchedulerEvent.OutputMoved(move.producer(), move.to()));
            int task = move.producer().task().index();
            assertThat(job.scheduler.outputs(2).get(task).node()).isEqualTo(move.to());
        }
        endWhatRunsOn(job, N1);
        assertThat(job.everDecided(Decision.NodeEmptied.class)).containsExactly(new Decision.NodeEmptied(N1));
        job.on(new SchedulerEvent.NodeLost(N1)).grant(N2);
        assertThat(job.wasLaunched(attempt(2, 0, 1))).isFalse();
        assertThat(job.wasLaunched(attempt(2, 1, 1))).isFalse();
    }

    private static void endWhatRunsOn(SchedulerFixture job, NodeId node) {
        AttemptId reduce = attempt(3, 0, 0);
        if (job.wasLaunched(reduce) && job.nodeOf(reduce).equals(node)) {
            job.stopped(reduce);
        }
    }

    @Test
    void triesOtherNodesForAnOutputAndLetsGoWhenNoneCanTakeIt() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).mapped(1, N1);
        job.stopped(attempt(3, 0, 0)).place(N2, N3).on(new SchedulerEvent.NodeDraining(N1));
        Decision.MoveOutput first = job.decided(Decision.MoveOutput.class).get(0);
        job.on(new SchedulerEvent.MoveFailed(first.producer(), first.to()));
        Decision.MoveOutput second = job.decided(Decision.MoveOutput.class).get(0);
        assertThat(second.to()).isNotEqualTo(first.to());
        job.on(new SchedulerEvent.NodeLost(second.to()));
        assertThat(job.everDecided(Decision.MoveOutput.class)).hasSize(2);
    }

    @Test
    void blamesNobodyWhenAReaderLooksWhereAnOutputWasBeforeItMoved() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).mapped(2, N1, N2);
        AttemptId reduce = attempt(3, 0, 0);
        NodeId reader = job.nodeOf(reduce);
        NodeId leaving = job.scheduler.outputs(2).get(0).node();
        job.place(N3).on(new SchedulerEvent.NodeDraining(leaving));
        Decision.MoveOutput move = job.decided(Decision.MoveOutput.class).get(0);
        job.on(new SchedulerEvent.OutputMoved(move.producer(), move.to()));
        job.failed(reduce, fetchFailure(move.producer()));
        assertThat(job.scheduler.outputs(2)).as("read on " + reader).hasSize(2);
        assertThat(job.everDecided(Decision.DiscardOutput.class)).isEmpty();
        job.grant(N3);
        assertThat(job.wasLaunched(attempt(3, 0, 1))).isTrue();
    }

    private static SchedulerFixture leased() {
        return new SchedulerFixture(outline(1), TransitionObserver.NONE, LEASE)
                .accept(N1, N2)
                .grant(N1);
    }
}
