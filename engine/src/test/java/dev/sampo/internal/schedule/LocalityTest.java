package dev.sampo.internal.schedule;

import static dev.sampo.internal.schedule.SchedulerFixture.N1;
import static dev.sampo.internal.schedule.SchedulerFixture.N2;
import static dev.sampo.internal.schedule.SchedulerFixture.N3;
import static dev.sampo.internal.schedule.SchedulerFixture.SECOND;
import static dev.sampo.internal.schedule.SchedulerFixture.attempt;
import static dev.sampo.internal.schedule.SchedulerFixture.outline;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.StageCounters;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacedNode;
import dev.sampo.internal.plan.PlannedSplit;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Splits whose data is near to some nodes: N1 and N2 are in zone a, N3 is in zone b. */
final class LocalityTest {
    private static final List<PlacedNode> NODES = List.of(
            new PlacedNode(N1, "host-1:7000", 1, Map.of("zone", "a")),
            new PlacedNode(N2, "host-2:7000", 1, Map.of("zone", "a")),
            new PlacedNode(N3, "host-3:7000", 1, Map.of("zone", "b")));

    @Test
    void nearNodesTakeTheSplitsTheRingGivesThemFirst() {
        SchedulerFixture job = planned(200, "zone=a");
        int home = 0;
        for (int i = 0; i < 60; i++) {
            home += take(job, N1).home() ? 1 : 0;
            home += take(job, N2).home() ? 1 : 0;
        }
        assertThat(home).as("the ring shares 200 splits out among two nodes").isEqualTo(120);
        assertThat(map(job).launchedNear()).isEqualTo(120);
        assertThat(map(job).launchedFar()).isZero();
    }

    @Test
    void aNearNodeStealsFromAnotherNearNodeAtOnce() {
        SchedulerFixture job = planned(40, "zone=a");
        for (int i = 0; i < 40; i++) {
            assertThat(take(job, N1).target()).isEqualTo(N1);
        }
        assertThat(map(job).launchedHome()).isBetween(5, 35);
        assertThat(map(job).launchedNear()).isEqualTo(40);
    }

    @Test
    void aFarNodeTakesASplitOnlyAfterTheWait() {
        SchedulerFixture job = planned(10, "zone=a").grant(N3);
        assertThat(job.launched()).isEmpty();
        assertThat(job.scheduler.nextDeadlineNanos()).as("it asks to be woken").isPresent();
        job.pass(3 * SECOND - 1);
        assertThat(job.launched()).isEmpty();
        job.pass(1);
        assertThat(job.launched()).hasSize(1);
        assertThat(job.nodeOf(job.launched().get(0))).isEqualTo(N3);
        job.grant(N3);
        assertThat(job.launched())
                .as("no near node has taken one since: there is nothing to wait for")
                .hasSize(1);
        assertThat(map(job).launchedFar()).isEqualTo(2);
    }

    @Test
    void theWaitBeginsAnewWhenANearNodeTakesASplit() {
        SchedulerFixture job = planned(10, "zone=a").grant(N3);
        job.pass(2 * SECOND);
        take(job, N1);
        job.pass(2 * SECOND);
        assertThat(job.launched()).as("4 s after it was refused").isEmpty();
        // The slot looks again when what it waited for first would have been due, and begins to wait anew then.
        job.pass(3 * SECOND);
        assertThat(job.launched()).hasSize(1);
    }

    @Test
    void splitsOfOtherLocationsDoNotKeepThoseOfAHungNodeWaiting() {
        List<PlannedSplit> splits = new ArrayList<>(splits(5, 0, "host-1"));
        splits.addAll(splits(5, 5, "host-2:7000"));
        SchedulerFixture job = plan(splits).grant(N3);
        job.pass(2 * SECOND);
        take(job, N1);
        job.pass(SECOND);
        AttemptId taken = job.launched().get(0);
        assertThat(taken.task().index())
                .as("one of host-2, which takes nothing")
                .isBetween(5, 9);
    }

    @Test
    void anyNodeMayTryAtOnceWhenNoNearNodeLives() {
        SchedulerFixture job = planned(10, "zone=elsewhere").grant(N3);
        assertThat(job.launched()).hasSize(1);
        assertThat(map(job).launchedFar()).isEqualTo(1);
    }

    @Test
    void waitingSplitsGoAnywhereWhenTheLastNearNodeIsLost() {
        SchedulerFixture job = planned(10, "host-1").grant(N2);
        assertThat(job.launched()).isEmpty();
        job.on(new SchedulerEvent.NodeLost(N1));
        job.place(NODES.subList(1, 3));
        assertThat(job.launched()).hasSize(1);
    }

    @Test
    void splitsWithoutLocationsKeepFarNodesBusyMeanwhile() {
        List<PlannedSplit> splits = new ArrayList<>(splits(5, 0, "zone=a"));
        splits.addAll(splits(5, 5));
        SchedulerFixture job = plan(splits);
        for (int i = 0; i < 5; i++) {
            assertThat(take(job, N3).attempt().task().index()).isGreaterThanOrEqualTo(5);
        }
        job.grant(N3);
        assertThat(job.launched()).isEmpty();
        assertThat(map(job).launchedNear() + map(job).launchedFar())
                .as("only splits with locations count")
                .isZero();
    }

    @Test
    void aSplitThatFailedGoesToTheOtherNearNodeFirst() {
        SchedulerFixture job = planned(1, "zone=a").grant(N1, N3);
        AttemptId first = job.everDecided(Decision.Launch.class).get(1).attempt();
        job.failed(first);
        assertThat(job.launched()).as("N3 is far, N1 has just failed").isEmpty();
        job.grant(N2);
        assertThat(job.launched()).containsExactly(attempt(2, 0, 1));
        assertThat(job.nodeOf(attempt(2, 0, 1))).isEqualTo(N2);
    }

    @Test
    void aHintThatIsWrongCostsOneTryPerNearNode() {
        SchedulerFixture job = planned(1, "zone=a").grant(N1, N2, N3);
        for (int number = 0; number < 2; number++) {
            assertThat(job.nodeOf(attempt(2, 0, number))).isNotEqualTo(N3);
            job.failed(
                    attempt(2, 0, number), SchedulerFixture.report(FailureKind.USER_CODE, ErrorCode.INPUT_NOT_FOUND));
            job.grant(N1, N2, N3);
        }
        assertThat(job.nodeOf(attempt(2, 0, 2))).isEqualTo(N3);
    }

    @Test
    void aSlotAboveTheLimitThatWaitsForNothingNearGoesBackToOtherJobs() {
        SchedulerFixture job = planned(10, "zone=a");
        job.on(new SchedulerEvent.SlotsCapped(1));
        take(job, N1);
        job.grant(N3);
        assertThat(job.decided(Decision.ReleaseSlot.class)).isEmpty();
        job.pass(SECOND);
        assertThat(job.decided(Decision.ReleaseSlot.class))
                .extracting(released -> released.lease().node())
                .contains(N3);
    }

    private static Decision.Launch take(SchedulerFixture job, NodeId node) {
        job.grant(node);
        List<Decision.Launch> launches = job.decided(Decision.Launch.class);
        assertThat(launches).as("launched on %s", node).hasSize(1);
        return launches.get(0);
    }

    private static StageCounters map(SchedulerFixture job) {
        return job.scheduler.counters().stage("map");
    }

    private static List<PlannedSplit> splits(int count, int from, String... locations) {
        List<PlannedSplit> splits = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            splits.add(new PlannedSplit(0, new Split("data@" + i, 1, List.of(locations), new byte[0])));
        }
        return splits;
    }

    private static SchedulerFixture planned(int count, String... locations) {
        return plan(splits(count, 0, locations));
    }

    /** A job whose plan attempt ran on a node that is no more, so that all slots are those the test grants. */
    private static SchedulerFixture plan(List<PlannedSplit> splits) {
        NodeId planner = new NodeId("planner");
        SchedulerFixture job = new SchedulerFixture(outline(1)).place(NODES).on(new SchedulerEvent.JobAccepted());
        job.grant(planner).on(new SchedulerEvent.NodeDraining(planner));
        return job.on(new SchedulerEvent.PlanReady(attempt(0, 0, 0), splits));
    }
}
