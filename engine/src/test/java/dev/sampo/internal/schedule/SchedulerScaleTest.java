package dev.sampo.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.JobState;
import dev.sampo.api.OutputPart;
import dev.sampo.api.StageCounters;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.PlacedNode;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.plan.PlanSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job of very many tasks on nodes that answer at once. What it costs is counted, not timed. */
final class SchedulerScaleTest {
    private static final int TASKS = 100_000;
    private static final int NODES = 20;
    private static final int SLOTS = 8;

    private final Scheduler scheduler = new Scheduler(
            SchedulerFixture.JOB, SchedulerFixture.outline(64), PlanSettings.DEFAULTS, SchedulerSettings.DEFAULTS);
    private final Deque<SchedulerEvent> events = new ArrayDeque<>();
    private long now;
    private int decisions;

    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000, 100_000})
    void looksAtEachTaskOnceAndRunsMostAtHome(long mapNanos) {
        List<PlacedNode> nodes = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            nodes.add(new PlacedNode(new NodeId("n" + node), "n" + node, SLOTS));
        }
        events.add(new SchedulerEvent.PlacementChanged(new PlacementTable(1, nodes)));
        events.add(new SchedulerEvent.JobAccepted());
        SlotAllocator allocator = new SlotAllocator(Map.of("default", 1.0));
        allocator.jobSubmitted(SchedulerFixture.JOB, "default", 0);
        nodes.forEach(node -> allocator.nodeUp(node.node(), SLOTS));
        while (!events.isEmpty()) {
            for (Decision decision : scheduler.on(events.remove(), ++now)) {
                decisions++;
                if (decision instanceof Decision.Launch launch) {
                    events.add(new SchedulerEvent.AttemptStarted(launch.attempt(), launch.target()));
                    events.add(answer(launch, mapNanos));
                } else if (decision instanceof Decision.SetDemand demand) {
                    grant(allocator.demandChanged(SchedulerFixture.JOB, demand.slots()));
                } else if (decision instanceof Decision.ReleaseSlot release) {
                    grant(allocator.slotReleased(release.lease()));
                }
            }
        }
        assertThat(scheduler.state()).isEqualTo(JobState.SUCCEEDED);
        StageCounters map = scheduler.counters().stage("map");
        assertThat(map.tasks()).isEqualTo(TASKS);
        assertThat(map.attempts()).isEqualTo(TASKS);
        assertThat(map.recordsIn()).isEqualTo(TASKS);
        assertThat((double) map.launchedHome() / TASKS)
                .as("share run at home by equal nodes")
                .isGreaterThan(0.8);
        assertThat(scheduler.examinedTasks()).as("tasks looked at").isLessThan(TASKS + 1_000);
        assertThat(decisions)
                .as("decisions: a launch per task, and little else")
                .isLessThan(TASKS + 2_000);
    }

    private void grant(List<SlotDecision> granted) {
        for (SlotDecision decision : granted) {
            if (decision instanceof SlotDecision.Grant grant) {
                events.add(new SchedulerEvent.SlotGranted(grant.lease()));
            }
        }
    }

    private static SchedulerEvent answer(Decision.Launch launch, long mapNanos) {
        AttemptId attempt = launch.attempt();
        return switch (launch.kind()) {
            case PLAN, SAMPLE -> new SchedulerEvent.PlanReady(attempt, SchedulerFixture.splits(TASKS));
            case MAP ->
                new SchedulerEvent.OutputHeld(attempt, launch.target(), SchedulerFixture.counters(1), 1, mapNanos);
            case REDUCE ->
                new SchedulerEvent.CommitRequested(
                        attempt,
                        new PartFile(attempt.task().index(), attempt.localName(), "", 1, 1, "sha256:0"),
                        SchedulerFixture.counters(1));
            case COMMIT ->
                new SchedulerEvent.JobCommitted(attempt, List.of(new OutputPart("part-00000", 1, 1, "sha256:0")));
        };
    }
}
