package dev.sampo.internal.plan;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.RangeBoundaries;
import dev.sampo.internal.model.StageKind;
import java.util.ArrayList;
import java.util.List;

/** Makes plans out of facts. Every method is a function of its arguments and the settings alone. */
public final class JobPlanner {
    private final PlanSettings settings;

    /** Creates a planner. */
    public JobPlanner(PlanSettings settings) {
        this.settings = settings;
    }

    /** Returns the plan of a job of which only the outline is known. */
    public ExecutionPlan outline(JobId job, JobOutline outline) {
        List<Stage> stages = new ArrayList<>();
        stages.add(new Stage(ExecutionPlan.PLAN_STAGE, StageKind.PLAN, "plan", 1));
        stages.add(new Stage(
                ExecutionPlan.SAMPLE_STAGE, StageKind.SAMPLE, "sample", outline.sampled() ? Stage.UNKNOWN : 0));
        stages.add(new Stage(ExecutionPlan.MAP_STAGE, StageKind.MAP, "map", Stage.UNKNOWN));
        for (int shuffle = 1; shuffle <= outline.partitions().size(); shuffle++) {
            stages.add(new Stage(stages.size(), StageKind.REDUCE, "reduce-" + shuffle, Stage.UNKNOWN));
        }
        stages.add(new Stage(stages.size(), StageKind.COMMIT, "commit", 1));
        return new ExecutionPlan(job, outline, stages, List.of(), List.of(), RangeBoundaries.NONE);
    }

    /** Returns the plan once the splits are listed: the tasks of all stages are known. */
    public ExecutionPlan listed(ExecutionPlan plan, List<PlannedSplit> splits) {
        List<Integer> sampled = plan.outline().sampled() ? evenly(splits.size()) : List.of();
        List<Stage> stages = new ArrayList<>(plan.stages());
        stages.set(
                ExecutionPlan.SAMPLE_STAGE,
                plan.stage(ExecutionPlan.SAMPLE_STAGE).withTasks(sampled.size()));
        stages.set(ExecutionPlan.MAP_STAGE, plan.stage(ExecutionPlan.MAP_STAGE).withTasks(splits.size()));
        int chosen = partitionsOf(splits);
        int number = ExecutionPlan.MAP_STAGE + 1;
        for (int asked : plan.outline().partitions()) {
            stages.set(number, plan.stage(number).withTasks(asked > 0 ? asked : chosen));
            number++;
        }
        return new ExecutionPlan(plan.job(), plan.outline(), stages, splits, sampled, RangeBoundaries.NONE);
    }

    /** Returns the plan once the sample is complete: the range boundaries of the first shuffle are known. */
    public ExecutionPlan sampled(ExecutionPlan plan, List<byte[]> keys) {
        RangeBoundaries boundaries = RangeBoundaries.choose(keys, plan.partitionsAfter(ExecutionPlan.MAP_STAGE));
        return new ExecutionPlan(
                plan.job(), plan.outline(), plan.stages(), plan.splits(), plan.sampledSplits(), boundaries);
    }

    /** Returns enough partitions that each gets about the target's share of the input, at least one. */
    private int partitionsOf(List<PlannedSplit> splits) {
        long bytes = 0;
        for (PlannedSplit split : splits) {
            bytes = saturatedSum(bytes, split.split().bytes());
        }
        long target = settings.targetPartitionBytes();
        long wanted = bytes / target + (bytes % target == 0 ? 0 : 1);
        return (int) Math.max(1, Math.min(wanted, settings.maxPartitions()));
    }

    private static long saturatedSum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** Returns the indices of up to {@code sampleSplits} splits, each the middle of an equal share of the list. */
    private List<Integer> evenly(int splits) {
        int count = Math.min(splits, settings.sampleSplits());
        List<Integer> chosen = new ArrayList<>(count);
        for (long i = 0; i < count; i++) {
            chosen.add((int) ((2 * i + 1) * splits / (2L * count)));
        }
        return chosen;
    }
}
