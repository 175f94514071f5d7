package dev.sampo.internal.schedule;

import static dev.sampo.internal.schedule.SchedulerFixture.JOB;
import static dev.sampo.internal.schedule.SchedulerFixture.N1;
import static dev.sampo.internal.schedule.SchedulerFixture.N2;
import static dev.sampo.internal.schedule.SchedulerFixture.N3;
import static dev.sampo.internal.schedule.SchedulerFixture.attempt;
import static dev.sampo.internal.schedule.SchedulerFixture.outline;
import static dev.sampo.internal.schedule.SchedulerFixture.sampledOutline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.api.JobProgress;
import dev.sampo.api.JobState;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.model.StageKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way of a job on which nothing goes wrong, and how it uses slots. */
final class SchedulerTest {
    @Test
    void runsAJobThroughItsStages() {
        SchedulerFixture job = new SchedulerFixture(outline(2)).accept(N1, N2);
        assertThat(job.decisions).containsExactly(new Decision.SetDemand(1));
        job.grant(N1);
        assertThat(job.launchedKinds()).containsExactly(StageKind.PLAN);
        job.started(attempt(0, 0, 0)).planned(2).grant(N2);
        job.held(attempt(2, 0, 0));
        assertThat(job.launchedKinds()).isEmpty();
        assertThat(job.decided(Decision.ReleaseSlot.class))
                .as("no task is left for its slot")
                .hasSize(1);
        job.held(attempt(2, 1, 0)).grant(N1);
        assertThat(job.wasLaunched(attempt(3, 0, 0))).isTrue();
        assertThat(job.wasLaunched(attempt(3, 1, 0))).isTrue();
        assertThat(job.scheduler.outputs(2))
                .extracting(HeldOutput::attempt)
                .containsExactly(attempt(2, 0, 0), attempt(2, 1, 0));
        job.commitRequested(attempt(3, 1, 0));
        assertThat(job.decisions).contains(new Decision.GrantCommit(attempt(3, 1, 0)));
        job.commitRequested(attempt(3, 0, 0));
        assertThat(job.launchedKinds()).containsExactly(StageKind.COMMIT);
        assertThat(job.scheduler.grantedParts())
                .extracting(part -> part.partition())
                .containsExactly(0, 1);
        job.committed(attempt(4, 0, 0));
        assertThat(job.decisions)
                .extracting(Object::getClass)
                .map(Class::getSimpleName)
                .map(String.class::cast)
                .containsExactly("ReleaseSlot", "SetDemand", "CleanUp", "JobStateChanged", "JobSucceeded");
        assertThat(job.states())
                .containsExactly(JobState.PLANNING, JobState.RUNNING, JobState.COMMITTING, JobState.SUCCEEDED);
        assertThat(job.scheduler.drained()).isTrue();
        assertThat(job.scheduler.nextDeadlineNanos()).isEmpty();
        assertThat(job.scheduler.staleEvents()).isZero();
    }

    @Test
    void samplesBeforeItMapsAndChoosesBoundaries() {
        SchedulerFixture job =
                new SchedulerFixture(sampledOutline(2)).accept(N1).grant(N1);
        job.planned(2);
        assertThat(job.launchedKinds()).containsExactly(StageKind.SAMPLE);
        job.on(new SchedulerEvent.SampleReady(attempt(1, 0, 0), List.of(new byte[] {1}, new byte[] {5})));
        assertThat(job.scheduler.state()).isEqualTo(JobState.PLANNING);
        job.on(new SchedulerEvent.SampleReady(attempt(1, 1, 0), List.of(new byte[] {3}, new byte[] {7})));
        assertThat(job.scheduler.state()).isEqualTo(JobState.RUNNING);
        assertThat(job.scheduler.plan().boundaries().keys()).containsExactly(new byte[] {5});
        assertThat(job.launchedKinds()).containsExactly(StageKind.MAP);
    }

    @Test
    void reducesAndCommitsAnInputWithoutSplits() {
        SchedulerFixture job =
                new SchedulerFixture(outline(0)).accept(N1).grant(N1).planned(0);
        assertThat(job.launched()).containsExactly(attempt(3, 0, 0));
        assertThat(job.scheduler.outputs(2)).isEmpty();
        job.commitRequested(attempt(3, 0, 0)).committed(attempt(4, 0, 0));
        assertThat(job.scheduler.state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void launchesAtHomeFirstAndStealsFromTheLongestQueueOtherwise() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2, N3).grant(N1).planned(300);
        int home = 0;
        int away = 0;
        for (int i = 0; i < 60; i++) {
            job.grant(N2);
            home += job.decided(Decision.Launch.class).get(0).home() ? 1 : 0;
        }
        assertThat(home).isEqualTo(60);
        for (int i = 0; i < 180; i++) {
            job.grant(N2);
            away += job.decided(Decision.Launch.class).get(0).home() ? 0 : 1;
        }
        assertThat(away).as("N2 is at home to a third of 300").isBetween(100, 160);
        assertThat(job.scheduler.counters().stage("map").launchedHome()).isGreaterThan(70);
    }

    @Test
    void asksForAsManySlotsAsItHasWork() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(5);
        assertThat(job.decided(Decision.SetDemand.class)).containsExactly(new Decision.SetDemand(5));
        job.grant(N1);
        assertThat(job.decided(Decision.SetDemand.class))
                .as("one more held, one less waits")
                .isEmpty();
        job.held(attempt(2, 0, 0));
        assertThat(job.decided(Decision.SetDemand.class)).containsExactly(new Decision.SetDemand(4));
    }

    @Test
    void givesBackASlotItDoesNotNeed() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).grant(N2);
        assertThat(job.decisions).containsExactly(new Decision.ReleaseSlot(new SlotLease(2, N2)));
    }

    @Test
    void keepsNoMoreSlotsThanItsCap() {
        SchedulerFixture job = new SchedulerFixture(outline(1))
                .accept(N1)
                .grant(N1)
                .planned(10)
                .grant(N1, N1);
        job.on(new SchedulerEvent.SlotsCapped(2));
        assertThat(job.decisions).as("running attempts go on").isEmpty();
        job.held(job.everDecided(Decision.Launch.class).get(1).attempt());
        assertThat(job.decided(Decision.ReleaseSlot.class)).hasSize(1);
        assertThat(job.launched()).isEmpty();
        job.held(job.everDecided(Decision.Launch.class).get(2).attempt());
        assertThat(job.launched()).hasSize(1);
    }

    @Test
    void leavesADrainingNodeButUsesItsOutputs() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(2);
        job.on(new SchedulerEvent.NodeDraining(N1));
        job.held(job.everDecided(Decision.Launch.class).get(1).attempt());
        assertThat(job.launched()).isEmpty();
        assertThat(job.decided(Decision.ReleaseSlot.class)).hasSize(1);
        job.grant(N1);
        assertThat(job.decided(Decision.ReleaseSlot.class)).hasSize(1);
        job.grant(N2);
        assertThat(job.launched()).hasSize(1);
        job.held(job.launched().get(0));
        assertThat(job.launched()).containsExactly(attempt(3, 0, 0));
    }

    @Test
    void countsRepeatedAndLateEventsAndIgnoresThem() {
        SchedulerFixture job = new SchedulerFixture(outline(1)).mapped(1, N1);
        long before = job.scheduler.staleEvents();
        job.on(new SchedulerEvent.JobAccepted());
        job.on(new SchedulerEvent.PlacementChanged(new PlacementTable(1, List.of())));
        job.on(new SchedulerEvent.SlotGranted(new SlotLease(1, N1)));
        job.planned(7);
        job.held(attempt(2, 0, 0));
        job.failed(attempt(2, 0, 0));
        assertThat(job.decisions).isEmpty();
        job.on(new SchedulerEvent.AttemptStarted(attempt(2, 9, 0), N3));
        assertThat(job.decided(Decision.CancelAttempt.class)).hasSize(1);
        job.on(new SchedulerEvent.OutputHeld(attempt(2, 0, 1), N3, SchedulerFixture.counters(1), 1, 60_000_000_000L));
        assertThat(job.decisions).containsExactly(new Decision.DiscardOutput(attempt(2, 0, 1), N3));
        assertThat(job.scheduler.staleEvents() - before).isEqualTo(8);
        assertThat(job.scheduler.plan().splits()).hasSize(1);
    }

    @Test
    void reportsProgressAndCountsCommittedAttemptsOnly() {
        SchedulerFixture job =
                new SchedulerFixture(outline(2)).accept(N1).grant(N1).planned(2);
        job.failed(attempt(2, 0, 0)).grant(N1, N1);
        job.held(attempt(2, 0, 1));
        assertThat(job.scheduler.progress())
                .isEqualTo(new JobProgress(
                        JobState.RUNNING,
                        List.of(
                                new JobProgress.Stage("plan", 1, 1, 0),
                                new JobProgress.Stage("map", 2, 1, 1),
                                new JobProgress.Stage("reduce-1", 2, 0, 0),
                                new JobProgress.Stage("commit", 1, 0, 0))));
        var map = job.scheduler.counters().stage("map");
        assertThat(map.attempts()).isEqualTo(3);
        assertThat(map.failedAttempts()).isEqualTo(1);
        assertThat(map.recordsIn()).isEqualTo(1);
        assertThat(job.scheduler.counters().get("seen")).isEqualTo(1);
    }

    @Test
    void refusesToNameOutputsOfAStageThatIsNotComplete() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1).grant(N1).planned(2);
        assertThatThrownBy(() -> job.scheduler.outputs(2)).hasMessageContaining("outputs of stage 2 of job " + JOB);
    }

    @Test
    void aSlotThatHasDoneShortMapsGetsSeveralAtOnceAndReturnsWhatItDoesNotGetTo() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(20);
        assertThat(job.launched()).as("nothing is known of maps yet").hasSize(1);
        AttemptId first = job.launched().get(0);
        job.on(new SchedulerEvent.OutputHeld(first, N1, SchedulerFixture.counters(1), 1, 5_000_000));
        List<AttemptId> together = job.launched();
        assertThat(together).as("20 ms of work").hasSize(4);
        assertThat(job.decided(Decision.Launch.class))
                .extracting(Decision.Launch::lease)
                .containsOnly(job.decided(Decision.Launch.class).get(0).lease());

        job.grant(N2);
        job.on(new SchedulerEvent.AttemptStarted(together.get(1), N1))
                .on(new SchedulerEvent.AttemptHandedBack(together.get(1), N1))
                .on(new SchedulerEvent.AttemptHandedBack(together.get(2), N1));
        assertThat(job.scheduler.counters().stage("map").failedAttempts()).isZero();
        assertThat(job.scheduler.runningOn(N1))
                .as("it had two left, which is half")
                .isEqualTo(4);
    }

    @Test
    void aBatchOfReportsThatComesTwiceChangesNothingTheSecondTime() {
        SchedulerFixture job = new SchedulerFixture(outline(1))
                .accept(N1, N2)
                .grant(N1)
                .planned(2)
                .grant(N2);
        List<SchedulerEvent> batch = List.of(
                new SchedulerEvent.AttemptStarted(attempt(2, 0, 0), job.nodeOf(attempt(2, 0, 0))),
                new SchedulerEvent.OutputHeld(
                        attempt(2, 0, 0), job.nodeOf(attempt(2, 0, 0)), SchedulerFixture.counters(3), 1, 5),
                new SchedulerEvent.AttemptStarted(attempt(2, 1, 0), job.nodeOf(attempt(2, 1, 0))),
                new SchedulerEvent.OutputHeld(
                        attempt(2, 1, 0), job.nodeOf(attempt(2, 1, 0)), SchedulerFixture.counters(4), 1, 5));
        assertThat(job.scheduler.on(batch, job.now))
                .as("the reduce task is launched once, by the whole batch")
                .filteredOn(Decision.Launch.class::isInstance)
                .hasSize(1);
        long stale = job.scheduler.staleEvents();

        assertThat(job.scheduler.on(batch, job.now))
                .as("at most the word that an ended attempt need not run")
                .allMatch(Decision.CancelAttempt.class::isInstance);
        assertThat(job.scheduler.staleEvents()).isEqualTo(stale + 4);
        assertThat(job.scheduler.counters().stage("map").recordsIn()).isEqualTo(7);
    }
}
