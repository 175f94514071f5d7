package dev.sampo.internal.schedule;

import static dev.sampo.internal.schedule.SchedulerFixture.N1;
import static dev.sampo.internal.schedule.SchedulerFixture.N2;
import static dev.sampo.internal.schedule.SchedulerFixture.N3;
import static dev.sampo.internal.schedule.SchedulerFixture.SECOND;
import static dev.sampo.internal.schedule.SchedulerFixture.outline;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.NodeId;
import org.junit.jupiter.api.Test;

/** A node on which attempts fail that succeed elsewhere. */
final class NodesAsideTest {
    private static final int MAPS = 40;

    private final SchedulerFixture job = new SchedulerFixture(outline(1));

    /** Runs attempts for so many rounds of a second on all nodes; they fail on one of them, or on every one of them. */
    private int run(int rounds, NodeId bad, boolean everywhere) {
        int failedThere = 0;
        for (int round = 0; round < rounds; round++) {
            for (Decision.Launch launch : job.everDecided(Decision.Launch.class)) {
                AttemptId attempt = launch.attempt();
                if (attempt.task().stage() != 2
                        || !job.scheduler.liveOn(launch.target()).contains(attempt)) {
                    continue;
                }
                if (launch.target().equals(bad)) {
                    failedThere++;
                    job.failed(attempt);
                } else if (everywhere && attempt.number() == 0) {
                    job.failed(attempt);
                } else {
                    job.held(attempt);
                }
            }
            job.pass(SECOND);
        }
        return failedThere;
    }

    @Test
    void isLeftToOtherJobsForAWhile() {
        job.accept(N1, N2, N3).grant(N1).planned(MAPS).grant(N2, N3);
        int failures = run(12, N1, false);
        assertThat(job.everDecided(Decision.SetNodeAside.class)).containsExactly(new Decision.SetNodeAside(N1, true));
        assertThat(failures).as("attempts that failed before it was set aside").isLessThan(8);
        assertThat(job.scheduler.liveOn(N1)).isEmpty();
        assertThat(job.everDecided(Decision.ReleaseSlot.class))
                .extracting(Decision.ReleaseSlot::lease)
                .anyMatch(lease -> lease.node().equals(N1));

        job.pass(32 * SECOND);
        assertThat(job.everDecided(Decision.SetNodeAside.class))
                .containsExactly(new Decision.SetNodeAside(N1, true), new Decision.SetNodeAside(N1, false));
    }

    @Test
    void isNotToBlameWhereEveryFirstAttemptFails() {
        job.accept(N1, N2, N3).grant(N1).planned(MAPS).grant(N2, N3);
        run(60, new NodeId("none"), true);
        assertThat(job.everDecided(Decision.SetNodeAside.class)).isEmpty();
        assertThat(job.scheduler.counters().stage("map").failedAttempts()).isEqualTo(MAPS);
    }

    @Test
    void ofTwoNodesOneIsLeftWhichDoesAllTheRest() {
        job.accept(N1, N2).grant(N1).planned(MAPS).grant(N2);
        run(12, N1, false);
        assertThat(job.everDecided(Decision.SetNodeAside.class)).containsExactly(new Decision.SetNodeAside(N1, true));
        run(MAPS, N1, false);
        assertThat(job.scheduler.outputs(2))
                .hasSize(MAPS)
                .allMatch(output -> output.node().equals(N2));
    }
}
