package dev.sampo.internal.schedule;

import static dev.sampo.internal.schedule.SchedulerFixture.N1;
import static dev.sampo.internal.schedule.SchedulerFixture.N2;
import static dev.sampo.internal.schedule.SchedulerFixture.N3;
import static dev.sampo.internal.schedule.SchedulerFixture.SECOND;
import static dev.sampo.internal.schedule.SchedulerFixture.attempt;
import static dev.sampo.internal.schedule.SchedulerFixture.fetchFailure;
import static dev.sampo.internal.schedule.SchedulerFixture.outline;
import static dev.sampo.internal.schedule.SchedulerFixture.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.JobState;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.spi.ErrorCode;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What happens when attempts fail, nodes go, and messages are lost. */
final class SchedulerFailureTest {
    @Test
    void retriesAFailedTaskOnAnotherNodeWhenThereIsOne() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(1);
        job.failed(attempt(2, 0, 0));
        assertThat(job.launched()).as("its node is kept free for a while").isEmpty();
        assertThat(job.decided(Decision.SetDemand.class)).containsExactly(new Decision.SetDemand(2));
        job.grant(N2);
        assertThat(job.nodeOf(attempt(2, 0, 1))).isEqualTo(N2);
        assertThat(job.decided(Decision.ReleaseSlot.class))
                .containsExactly(new Decision.ReleaseSlot(new SlotLease(1, N1)));
    }

    @Test
    void retriesOnTheSameNodeWhenNoOtherHasASlot() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(1);
        job.failed(attempt(2, 0, 0));
        job.pass(job.scheduler.nextDeadlineNanos().isPresent() ? 2 * SECOND : 0);
        assertThat(job.launched()).containsExactly(attempt(2, 0, 1));
    }

    @Test
    void retriesAtOnceInAClusterOfOneNode() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(1);
        job.failed(attempt(2, 0, 0));
        assertThat(job.launched()).containsExactly(attempt(2, 0, 1));
    }

    @Test
    void failsTheJobWhenATaskHasUsedUpItsAttempts() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(2);
        job.failed(attempt(2, 0, 0)).failed(attempt(2, 0, 1)).grant(N1);
        job.failed(attempt(2, 0, 2));
        assertThat(job.scheduler.state()).isEqualTo(JobState.STOPPING);
        assertThat(job.decided(Decision.CancelAttempt.class)).hasSize(1);
        assertThat(job.decided(Decision.SetDemand.class)).containsExactly(new Decision.SetDemand(0));
        assertThat(job.decided(Decision.JobFailed.class))
                .as("another attempt still runs")
                .isEmpty();
        job.stopped(attempt(2, 1, 0));
        Decision.JobFailed failure = job.decided(Decision.JobFailed.class).get(0);
        assertThat(failure.attempt()).isEqualTo(attempt(2, 0, 2));
        assertThat(failure.report().describe())
                .isEqualTo("boom [map task 0 of job word-count, 3 failures (limit 3), last attempt 2 on node n1]"
                        + " (at in.txt, offset 42)");
        assertThat(job.decisions.get(job.decisions.size() - 1)).isSameAs(failure);
        assertThat(job.scheduler.drained()).isTrue();
    }

    @Test
    void failsTheJobAtOnceOnWhatARetryCannotMend() {
        for (FailureReport report : new FailureReport[] {
            report(FailureKind.USER_CODE, ErrorCode.INPUT_NOT_FOUND),
            report(FailureKind.RESOURCE, ErrorCode.OUTPUT_EXISTS),
            report(FailureKind.ENGINE, ErrorCode.USER_CODE_FAILED),
            report(FailureKind.RECORD, ErrorCode.DATA_CORRUPT)
        }) {
            SchedulerFixture job = new SchedulerFixture(outline(1)).accept(N1).grant(N1);
            job.failed(attempt(0, 0, 0), report);
            assertThat(job.scheduler.state()).as("%s", report).isEqualTo(JobState.FAILED);
        }
    }

    @Test
    void runsASplitWhereItCanBeRead() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(1);
        job.failed(attempt(2, 0, 0), report(FailureKind.RESOURCE, ErrorCode.INPUT_NOT_FOUND));
        job.pass(3_600 * SECOND).grant(N1);
        assertThat(job.wasLaunched(attempt(2, 0, 1)))
                .as("again where it failed")
                .isFalse();
        job.grant(N2);
        assertThat(job.nodeOf(attempt(2, 0, 1))).isEqualTo(N2);
        job.held(attempt(2, 0, 1));
        assertThat(job.scheduler.counters().stages().get(0).failedAttempts()).isEqualTo(1);
        assertThat(job.scheduler.state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void failsTheJobWhenNoNodeCanReadASplitAndNamesThem() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(1);
        job.failed(attempt(2, 0, 0), report(FailureKind.RESOURCE, ErrorCode.INPUT_NOT_FOUND));
        job.grant(N2).failed(attempt(2, 0, 1), report(FailureKind.RESOURCE, ErrorCode.INPUT_NOT_FOUND));
        assertThat(job.scheduler.state()).isEqualTo(JobState.FAILED);
        assertThat(job.decided(Decision.JobFailed.class).get(0).report().message())
                .startsWith("no worker node can read the input: node n1: boom; node n2: boom [map task 0");
    }

    @Test
    void failsTheJobWhenTheLastNodeThatMightHaveReadASplitIsLost() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(1);
        job.failed(attempt(2, 0, 0), report(FailureKind.RESOURCE, ErrorCode.INPUT_NOT_FOUND));
        job.on(new SchedulerEvent.NodeLost(N2));
        assertThat(job.scheduler.state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void waitsForANodeThatCanReadASplitWhileThereIsNone() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(1);
        job.failed(attempt(2, 0, 0), report(FailureKind.RESOURCE, ErrorCode.INPUT_NOT_FOUND));
        job.place().place(N3).grant(N3);
        assertThat(job.nodeOf(attempt(2, 0, 1))).isEqualTo(N3);
    }

    @Test
    void chargesNobodyForLostNodesAndDrains() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(1);
        for (int i = 0; i < 10; i++) {
            job.failed(attempt(2, 0, i), report(i % 2 == 0 ? FailureKind.NODE : FailureKind.PLAN, ErrorCode.NODE_LOST));
        }
        assertThat(job.scheduler.state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void reRunsAProducerWhoseOutputCannotBeFetchedAndThenItsReader() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).mapped(2, N1);
        NodeId holder = job.nodeOf(attempt(2, 1, 0));
        job.failed(attempt(3, 0, 0), fetchFailure(attempt(2, 1, 0)));
        assertThat(job.decisions).contains(new Decision.DiscardOutput(attempt(2, 1, 0), holder));
        job.grant(N2);
        assertThat(job.launched()).containsExactly(attempt(2, 1, 1));
        assertThat(job.wasLaunched(attempt(3, 0, 1))).isFalse();
        job.held(attempt(2, 1, 1));
        job.grant(N2);
        assertThat(job.wasLaunched(attempt(3, 0, 1))).isTrue();
        assertThat(job.scheduler.outputs(2).get(1).attempt()).isEqualTo(attempt(2, 1, 1));
    }

    @Test
    void chargesAProducerWhoseOutputsFailToBeFetchedTooOften() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(1);
        int round = 0;
        for (; job.scheduler.state() == JobState.RUNNING && round < 20; round++) {
            job.held(attempt(2, 0, round)).failed(attempt(3, 0, round), fetchFailure(attempt(2, 0, round)));
        }
        assertThat(round).as("three free, three charged").isEqualTo(6);
        assertThat(job.decided(Decision.JobFailed.class).get(0).report().message())
                .contains("[map task 0 of job word-count, 3 failures (limit 3), ");
    }

    @Test
    void chargesTheReaderForAFetchFailureThatNamesNoPossibleProducer() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(1);
        job.failed(attempt(2, 0, 0), fetchFailure(attempt(1, 0, 0)));
        job.failed(attempt(2, 0, 1), fetchFailure(attempt(3, 0, 0)));
        job.failed(attempt(2, 0, 2), fetchFailure(attempt(2, 0, 0)));
        assertThat(job.scheduler.state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void retriesAReaderThatMissedTheProducersNewOutputAtOnce() {
        SchedulerFixture job = new SchedulerFixture(outline(2)).mapped(1, N1).grant(N2);
        job.failed(attempt(3, 0, 0), fetchFailure(attempt(2, 0, 0)));
        job.grant(N3).held(attempt(2, 0, 1));
        job.failed(attempt(3, 1, 0), fetchFailure(attempt(2, 0, 0)));
        assertThat(job.wasLaunched(attempt(2, 0, 2))).isFalse();
        job.grant(N3);
        assertThat(job.wasLaunched(attempt(3, 1, 1))).isTrue();
    }

    @Test
    void reRunsLostOutputsThroughAChainButOnlyThoseThatAreNeeded() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1, 1)).accept(N1, N2).grant(N1).planned(1);
        job.held(attempt(2, 0, 0)).grant(N1);
        job.on(new SchedulerEvent.NodeDraining(N3));
        job.held(attempt(3, 0, 0)).grant(N1);
        assertThat(job.wasLaunched(attempt(4, 0, 0))).isTrue();
        job.on(new SchedulerEvent.NodeLost(N1));
        job.grant(N2);
        assertThat(job.launched())
                .as("first the map, for the reduce's input is lost too")
                .containsExactly(attempt(2, 0, 1));
        job.held(attempt(2, 0, 1));
        assertThat(job.launched()).containsExactly(attempt(3, 0, 1));
        job.held(attempt(3, 0, 1));
        assertThat(job.launched()).containsExactly(attempt(4, 0, 1));
        job.commitRequested(attempt(4, 0, 1));
        assertThat(job.launched()).containsExactly(attempt(5, 0, 0));
    }

    @Test
    void leavesLostOutputsAloneThatNobodyNeedsAndMakesThemAgainWhenSomebodyDoes() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1, 1)).accept(N1, N2, N3).grant(N1).planned(1);
        job.held(attempt(2, 0, 0)).on(new SchedulerEvent.NodeDraining(N1));
        job.grant(N2);
        if (!job.wasLaunched(attempt(3, 0, 0))) {
            throw new AssertionError("reduce was not launched: " + job.decisions);
        }
        job.held(attempt(3, 0, 0)).grant(N3);
        NodeId reducer = job.nodeOf(attempt(3, 0, 0));
        job.on(new SchedulerEvent.NodeLost(N1));
        assertThat(job.wasLaunched(attempt(2, 0, 1))).isFalse();
        job.on(new SchedulerEvent.NodeLost(reducer)).grant(N3, N3);
        assertThat(job.wasLaunched(attempt(2, 0, 1))).isTrue();
    }

    @Test
    void keepsGrantedPartsOfLostNodes() {
        SchedulerFixture job = new SchedulerFixture(outline(2)).mapped(1, N1).grant(N2);
        NodeId node = job.nodeOf(attempt(3, 0, 0));
        job.commitRequested(attempt(3, 0, 0)).on(new SchedulerEvent.NodeLost(node));
        job.grant(N3, N3);
        assertThat(job.wasLaunched(attempt(3, 0, 1))).isFalse();
    }

    @Test
    void stopsMakingOutputsAgainThatTheirReadersDidWithout() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1, 1)).accept(N1, N2).grant(N1).planned(2);
        job.held(attempt(2, 1, 0)).held(attempt(2, 0, 0)).on(new SchedulerEvent.NodeDraining(N1));
        job.held(attempt(3, 0, 0)).grant(N2);
        assertThat(job.launched()).containsExactly(attempt(4, 0, 0));
        job.on(new SchedulerEvent.NodeLost(N1)).grant(N2);
        AttemptId again = job.launched().get(0);
        assertThat(again.task().stage()).isEqualTo(2);
        job.commitRequested(attempt(4, 0, 0));
        assertThat(job.decided(Decision.CancelAttempt.class))
                .extracting(Decision.CancelAttempt::attempt)
                .containsExactly(again);
        assertThat(job.launched()).containsExactly(attempt(5, 0, 0));
        job.committed(attempt(5, 0, 0));
        assertThat(job.scheduler.counters().stage("map").recordsIn()).isEqualTo(2);
        assertThat(job.scheduler.progress().stages()).allMatch(stage -> stage.done() == stage.total());
        assertThat(job.scheduler.drained())
                .as("the attempt that was told to stop has not answered")
                .isFalse();
        assertThat(job.stopped(again).scheduler.drained()).isTrue();
    }

    @Test
    void acceptsAResultThatBecameVisibleAfterItsAttemptWasToldToStop() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).mapped(1, N1).commitRequested(attempt(3, 0, 0));
        job.pass(10 * SECOND);
        assertThat(job.decided(Decision.CancelAttempt.class)).hasSize(1);
        job.committed(attempt(4, 0, 0));
        assertThat(job.scheduler.state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void startsACommitAgainOnlyWhenTheOneBeforeHasEnded() {
        SchedulerFixture job = committing().pass(10 * SECOND);
        assertThat(job.grant(N2).launched()).as("it may be at work").isEmpty();
        assertThat(job.pass(100 * SECOND).launched()).as("however long").isEmpty();
        job.stopped(attempt(4, 0, 0)).grant(N2).pass(10 * SECOND);
        assertThat(job.wasLaunched(attempt(4, 0, 1))).isTrue();
    }

    @Test
    void startsACommitAgainWhenItsNodeIsLost() {
        SchedulerFixture job = committing().pass(10 * SECOND);
        job.on(new SchedulerEvent.NodeLost(job.nodeOf(attempt(4, 0, 0)))).grant(N2);
        assertThat(job.wasLaunched(attempt(4, 0, 1))).isTrue();
    }

    @Test
    void waitsForACommitThatIgnoresItsInterruptUntilItsNodeDoesNotListItAnyMore() {
        SchedulerFixture job = committing().pass(10 * SECOND);
        AttemptId stuck = attempt(4, 0, 0);
        job.on(new SchedulerEvent.SlotLost(stuck, N1)).stopped(stuck).grant(N2);
        assertThat(job.wasLaunched(attempt(4, 0, 1))).isFalse();
        job.on(new SchedulerEvent.NodeHeard(N1, Set.of(stuck)));
        job.on(new SchedulerEvent.NodeHeard(N1, Set.of())).on(new SchedulerEvent.NodeHeard(N1, Set.of()));
        job.grant(N2);
        assertThat(job.wasLaunched(attempt(4, 0, 1))).isTrue();
    }

    private static SchedulerFixture committing() {
        return new SchedulerFixture(outline(1)).mapped(1, N1).commitRequested(attempt(3, 0, 0));
    }

    @Test
    void leavesPlanAndCommitAsMuchTimeAsTheyNeed() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).accept(N1).grant(N1);
        job.started(attempt(0, 0, 0)).pass(600 * SECOND);
        assertThat(job.everDecided(Decision.CancelAttempt.class)).isEmpty();
    }

    @Test
    void grantsACommitOnceAndAgainToTheSameAttemptOnly() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).mapped(1, N1);
        job.started(attempt(3, 0, 0)).pass(61 * SECOND);
        assertThat(job.decided(Decision.CancelAttempt.class)).hasSize(1);
        job.commitRequested(attempt(3, 0, 0));
        assertThat(job.decided(Decision.DenyCommit.class))
                .as("it was told to stop")
                .hasSize(1);
        job.grant(N2).commitRequested(attempt(3, 0, 1));
        assertThat(job.decided(Decision.GrantCommit.class)).hasSize(1);
        job.commitRequested(attempt(3, 0, 1));
        assertThat(job.decisions).containsExactly(new Decision.GrantCommit(attempt(3, 0, 1)));
        job.commitRequested(attempt(3, 0, 0));
        assertThat(job.decided(Decision.DenyCommit.class).get(0).reason())
                .isEqualTo("attempt job/3-00000-0 does not count; attempt job/3-00000-1 does");
    }

    @Test
    void writesOffALaunchThatIsNotAcknowledgedAndStopsItWhenItStartsLate() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).accept(N1).grant(N1);
        job.pass(10 * SECOND);
        assertThat(job.decided(Decision.CancelAttempt.class)).hasSize(1);
        job.started(attempt(0, 0, 0));
        assertThat(job.decided(Decision.CancelAttempt.class)).hasSize(1);
        job.pass(10 * SECOND);
        assertThat(job.decided(Decision.CancelAttempt.class)).as("repeated").hasSize(1);
        job.grant(N1);
        assertThat(job.launched()).containsExactly(attempt(0, 0, 1));
        job.pass(20 * SECOND);
        assertThat(job.decided(Decision.ReleaseSlot.class)).as("given up").hasSize(1);
        job.planned(1);
        assertThat(job.scheduler.plan().isListed()).isFalse();
    }

    @Test
    void stopsAndChargesAnAttemptThatRunsTooLong() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(1);
        for (int i = 0; i < 3; i++) {
            job.started(attempt(2, 0, i)).pass(60 * SECOND);
            assertThat(job.decided(Decision.CancelAttempt.class)).hasSize(1);
            job.stopped(attempt(2, 0, i));
        }
        assertThat(job.decided(Decision.JobFailed.class).get(0).report().code()).isEqualTo(ErrorCode.ATTEMPT_TIMED_OUT);
    }

    @Test
    void letsASlotRestWhoseNodeRefusedAnAttempt() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).accept(N1).grant(N1);
        job.on(new SchedulerEvent.AttemptRefused(attempt(0, 0, 0), N1, "not ready"));
        assertThat(job.launched()).isEmpty();
        assertThat(job.decided(Decision.SetDemand.class))
                .as("it asks for another")
                .hasSize(1);
        job.pass(SECOND);
        assertThat(job.launched()).containsExactly(attempt(0, 0, 1));
    }

    @Test
    void forgetsASlotWhoseAttemptIgnoresItsInterrupt() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(1);
        job.on(new SchedulerEvent.SlotLost(attempt(2, 0, 0), N1));
        assertThat(job.decided(Decision.SlotGone.class))
                .containsExactly(new Decision.SlotGone(N1, new SlotLease(1, N1)));
        job.on(new SchedulerEvent.SlotLost(attempt(2, 0, 0), N1));
        assertThat(job.decisions).isEmpty();
        job.grant(N1);
        assertThat(job.launched()).containsExactly(attempt(2, 0, 1));
        job.held(attempt(2, 0, 1)).commitRequested(attempt(3, 0, 0));
        job.on(new SchedulerEvent.SlotLost(attempt(3, 0, 0), N1));
        assertThat(job.decided(Decision.SlotGone.class)).containsExactly(new Decision.SlotGone(N1, null));
    }

    @Test
    void cancelsAJobInEveryState() {
        SchedulerFixture queued = new SchedulerFixture(outline(1));
        queued.on(new SchedulerEvent.CancelRequested("enough")).on(new SchedulerEvent.JobAccepted());
        assertThat(queued.states()).containsExactly(JobState.STOPPING, JobState.CANCELED);
        assertThat(queued.everDecided(Decision.JobCanceled.class)).containsExactly(new Decision.JobCanceled("enough"));

        SchedulerFixture running =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(3);
        running.on(new SchedulerEvent.CancelRequested("enough")).on(new SchedulerEvent.CancelRequested("again"));
        assertThat(running.scheduler.state()).isEqualTo(JobState.STOPPING);
        running.pass(30 * SECOND);
        assertThat(running.scheduler.state())
                .as("an attempt that never answers is given up")
                .isEqualTo(JobState.CANCELED);
        assertThat(running.scheduler.drained()).isTrue();
    }

    @Test
    void succeedsWhenACancelComesTooLate() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).mapped(1, N1).commitRequested(attempt(3, 0, 0));
        job.on(new SchedulerEvent.CancelRequested("enough")).committed(attempt(4, 0, 0));
        assertThat(job.states()).endsWith(JobState.STOPPING, JobState.SUCCEEDED);
        assertThat(job.everDecided(Decision.JobCanceled.class)).isEmpty();
    }

    @Test
    void failsForAReasonOutsideItsAttempts() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).accept(N1);
        FailureReport reason = FailureReport.of(FailureKind.RESOURCE, ErrorCode.NO_SLOTS, "no slot is left");
        job.on(new SchedulerEvent.FailRequested(reason));
        assertThat(job.decided(Decision.JobFailed.class)).containsExactly(new Decision.JobFailed(reason, null));
    }
}
