package dev.sampo.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.RangeBoundaries;
import dev.sampo.internal.model.TaskId;
import dev.sampo.spi.Split;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JobPlannerTest {
    private static final JobId JOB = new JobId("job");
    private static final long MIB = 1 << 20;

    private final JobPlanner planner = new JobPlanner(PlanSettings.DEFAULTS);

    @Test
    void laysOutTheStagesBeforeAnythingIsListed() {
        ExecutionPlan plan = planner.outline(JOB, outline(false, 4, 0));
        assertThat(plan.stages())
                .extracting(Stage::name)
                .containsExactly("plan", "sample", "map", "reduce-1", "reduce-2", "commit");
        assertThat(plan.stages()).extracting(Stage::number).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(plan.stages()).extracting(Stage::tasks).containsExactly(1, 0, -1, -1, -1, 1);
        assertThat(plan.isListed()).isFalse();
        assertThatThrownBy(() -> plan.partitionsAfter(2)).hasMessageContaining("partitions after stage 2 of job job");
    }

    @Test
    void takesThePartitionsThatAreGivenAndChoosesTheOthersByTheInput() {
        ExecutionPlan plan = planner.listed(planner.outline(JOB, outline(false, 4, 0)), splits(5, 32 * MIB));
        assertThat(plan.stages()).extracting(Stage::tasks).containsExactly(1, 0, 5, 4, 3, 1);
        assertThat(plan.partitionsAfter(2)).isEqualTo(4);
        assertThat(plan.partitionsAfter(3)).isEqualTo(3);
        assertThat(plan.partitionsAfter(4)).isZero();
    }

    @Test
    void keepsTheChosenPartitionsWithinBounds() {
        assertThat(chosen(splits(1, 0))).isEqualTo(1);
        assertThat(chosen(splits(1, 64 * MIB))).isEqualTo(1);
        assertThat(chosen(splits(1, 64 * MIB + 1))).isEqualTo(2);
        assertThat(chosen(splits(3, Long.MAX_VALUE))).isEqualTo(512);
    }

    @Test
    void plansAnInputWithoutSplits() {
        ExecutionPlan plan = planner.listed(planner.outline(JOB, outline(true, 0)), List.of());
        assertThat(plan.stages()).extracting(Stage::tasks).containsExactly(1, 0, 0, 1, 1);
        assertThat(plan.boundaries()).isEqualTo(RangeBoundaries.NONE);
    }

    @Test
    void samplesSplitsEvenlySpaced() {
        ExecutionPlan few = planner.listed(planner.outline(JOB, outline(true, 3)), splits(3, MIB));
        assertThat(few.sampledSplits()).containsExactly(0, 1, 2);
        ExecutionPlan many = planner.listed(planner.outline(JOB, outline(true, 3)), splits(320, MIB));
        assertThat(many.sampledSplits()).hasSize(32).startsWith(5, 15, 25).endsWith(315);
        assertThat(many.stage(ExecutionPlan.SAMPLE_STAGE).tasks()).isEqualTo(32);
    }

    @Test
    void choosesBoundariesForTheFirstShuffle() {
        ExecutionPlan listed = planner.listed(planner.outline(JOB, outline(true, 3, 7)), splits(3, MIB));
        ExecutionPlan plan = planner.sampled(listed, List.of(new byte[] {3}, new byte[] {1}, new byte[] {2}));
        assertThat(plan.boundaries().keys()).containsExactly(new byte[] {2}, new byte[] {3});
        assertThat(plan.splits()).isEqualTo(listed.splits());
    }

    @Test
    void routesMapsByTheirDataAndReducesByTheirPartition() {
        ExecutionPlan plan = planner.listed(planner.outline(JOB, outline(true, 3)), splits(40, MIB));
        assertThat(plan.routingKey(new TaskId(JOB, 2, 39))).isEqualTo("data@39");
        assertThat(plan.routingKey(new TaskId(JOB, 1, 0)))
                .isEqualTo("data@" + plan.sampledSplits().get(0));
        assertThat(plan.routingKey(new TaskId(JOB, 3, 1))).isEqualTo("job/3/1");
        assertThat(plan.isRouted(ExecutionPlan.PLAN_STAGE)).isFalse();
        assertThat(plan.isRouted(plan.commitStage())).isFalse();
        assertThat(plan.isRouted(plan.lastReduceStage())).isTrue();
    }

    private int chosen(List<PlannedSplit> splits) {
        return planner.listed(planner.outline(JOB, outline(false, 0)), splits)
                .stage(3)
                .tasks();
    }

    private static JobOutline outline(boolean sampled, Integer... partitions) {
        return new JobOutline(
                "word-count", sampled, List.of(partitions), 4, 0, "", true, JobOutline.DEFAULT_QUEUE, true, 0);
    }

    private static List<PlannedSplit> splits(int count, long bytes) {
        List<PlannedSplit> splits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            splits.add(new PlannedSplit(0, new Split("data@" + i, bytes, List.of(), new byte[0])));
        }
        return splits;
    }
}
