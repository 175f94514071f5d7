package dev.sampo.internal.schedule;

import static dev.sampo.internal.schedule.SchedulerFixture.N1;
import static dev.sampo.internal.schedule.SchedulerFixture.N2;
import static dev.sampo.internal.schedule.SchedulerFixture.SECOND;
import static dev.sampo.internal.schedule.SchedulerFixture.attempt;
import static dev.sampo.internal.schedule.SchedulerFixture.outline;
import static dev.sampo.internal.schedule.SchedulerFixture.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.JobState;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.spi.ErrorCode;
import org.junit.jupiter.api.Test;

/** What becomes of a job when a node has no room on its disk. */
final class FullDiskTest {
    private static final FailureReport FULL = report(FailureKind.RESOURCE, ErrorCode.SPILL_FAILED);

    @Test
    void aNodeWithAFullDiskChargesNoTaskAndDoesNotWinThemAll() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(9);
        job.failed(job.launched().get(0), FULL);
        assertThat(job.launched()).as("the node is set aside").isEmpty();
        assertThat(job.decided(Decision.SetNodeAside.class)).containsExactly(new Decision.SetNodeAside(N1, true));
        assertThat(job.decided(Decision.ReleaseSlot.class))
                .as("others may use it")
                .hasSize(1);
        int failures = 1;
        for (long second = 0; second < 60; second++) {
            pass(job, SECOND);
            for (AttemptId attempt : job.launched()) {
                job.failed(attempt, FULL);
                failures++;
            }
        }
        assertThat(failures).as("rests of 1, 2, 4, 8, 16 and 32 s").isEqualTo(6);
        assertThat(job.scheduler.state()).isEqualTo(JobState.RUNNING);

        job.grant(N2);
        while (!job.launched().isEmpty()) {
            job.held(job.launched().get(0));
        }
        assertThat(job.launchedKinds()).isEmpty();
        assertThat(job.scheduler.counters().stages().get(0).failedAttempts()).isEqualTo(failures);
        assertThat(job.everDecided(Decision.Launch.class).stream()
                        .filter(launch -> launch.attempt().task().stage() == 2)
                        .filter(launch -> launch.target().equals(N2)))
                .hasSize(9);
    }

    @Test
    void aTaskThatNoDiskHasRoomForFailsItsJob() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(1);
        job.failed(attempt(2, 0, 0), FULL).grant(N2);
        int number = 1;
        for (; job.scheduler.state() == JobState.RUNNING && number < 10; number++) {
            while (!job.wasLaunched(attempt(2, 0, number))) {
                job.pass(SECOND);
            }
            job.failed(attempt(2, 0, number), FULL);
        }
        assertThat(number).as("one for free, and three that count").isEqualTo(4);
        assertThat(job.decided(Decision.JobFailed.class).get(0).report().message())
                .contains("3 failures (limit 3)");
    }

    @Test
    void aNodeThatHasRoomAgainIsNotMadeToRestForLong() {
        SchedulerFixture job =
                new SchedulerFixture(outline(1)).accept(N1, N2).grant(N1).planned(9);
        pass(job.failed(job.launched().get(0), FULL), SECOND);
        pass(job.failed(job.launched().get(0), FULL), 2 * SECOND);
        job.held(job.launched().get(0));
        job.failed(job.launched().get(0), FULL);
        assertThat(job.launched()).isEmpty();
        pass(job, SECOND);
        assertThat(job.launched()).hasSize(1);
    }

    /** Lets time pass; a slot of the node is granted again when the job wants such slots again. */
    private static void pass(SchedulerFixture job, long nanos) {
        job.pass(nanos);
        if (job.decided(Decision.SetNodeAside.class).contains(new Decision.SetNodeAside(N1, false))) {
            job.grant(N1);
        }
    }
}
