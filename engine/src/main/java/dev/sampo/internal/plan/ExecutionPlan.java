package dev.sampo.internal.plan;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.RangeBoundaries;
import dev.sampo.internal.model.StageKind;
import dev.sampo.internal.model.TaskId;
import java.util.List;

/**
 * The stages of a job, and what their tasks work on, as far as it is known. Immutable: {@link JobPlanner} returns a new
 * plan when a fact arrives. Stage numbers never change: 0 plan, 1 sample (without tasks unless the job is sampled),
 * 2 map, 3 and on reduce, the last commit.
 */
public final class ExecutionPlan {
    /** The stage that lists the splits. */
    public static final int PLAN_STAGE = 0;

    /** The stage that samples the keys. */
    public static final int SAMPLE_STAGE = 1;

    /** The stage that maps the splits. */
    public static final int MAP_STAGE = 2;

    private final JobId job;
    private final JobOutline outline;
    private final List<Stage> stages;
    private final List<PlannedSplit> splits;
    private final List<Integer> sampledSplits;
    private final RangeBoundaries boundaries;

    ExecutionPlan(
            JobId job,
            JobOutline outline,
            List<Stage> stages,
            List<PlannedSplit> splits,
            List<Integer> sampledSplits,
            RangeBoundaries boundaries) {
        this.job = job;
        this.outline = outline;
        this.stages = List.copyOf(stages);
        this.splits = List.copyOf(splits);
        this.sampledSplits = List.copyOf(sampledSplits);
        this.boundaries = boundaries;
    }

    /** Returns the job. */
    public JobId job() {
        return job;
    }

    /** Returns what the job's author asked for. */
    public JobOutline outline() {
        return outline;
    }

    /** Returns the stages by number. */
    public List<Stage> stages() {
        return stages;
    }

    /** Returns one stage. */
    public Stage stage(int number) {
        return stages.get(number);
    }

    /** Returns the stage whose tasks write the result. */
    public int lastReduceStage() {
        return stages.size() - 2;
    }

    /** Returns the stage that makes the result visible. */
    public int commitStage() {
        return stages.size() - 1;
    }

    /** Returns whether the splits are listed, and so the tasks of all stages are known. */
    public boolean isListed() {
        return stages.get(MAP_STAGE).isKnown();
    }

    /** Returns the splits by map task; empty before they are listed. */
    public List<PlannedSplit> splits() {
        return splits;
    }

    /** Returns by sample task the index of its split in {@link #splits}. */
    public List<Integer> sampledSplits() {
        return sampledSplits;
    }

    /** Returns the boundaries of the first shuffle; none unless the job is sampled and its sample is complete. */
    public RangeBoundaries boundaries() {
        return boundaries;
    }

    /**
     * Returns the number of partitions that a map or reduce stage writes: the tasks of the reduce stage behind it, or 0
     * when it is the last reduce stage, which writes the result.
     *
     * @throws IllegalArgumentException for a stage that shuffles nothing, or whose next stage is not known yet
     */
    public int partitionsAfter(int stage) {
        if (stage < MAP_STAGE || stage > lastReduceStage() || !isListed()) {
            throw new IllegalArgumentException("partitions after stage " + stage + " of job " + job
                    + "; expected a map or reduce stage of a job whose splits are listed");
        }
        return stage == lastReduceStage() ? 0 : stages.get(stage + 1).tasks();
    }

    /**
     * Returns the key that chooses a task's home node: the identity of the split for map and sample tasks, so that the
     * same data meets the same node in every job; job, stage and partition for reduce tasks; the task for the others.
     */
    public String routingKey(TaskId task) {
        return switch (stages.get(task.stage()).kind()) {
            case MAP -> splits.get(task.index()).split().identity();
            case SAMPLE -> splits.get(sampledSplits.get(task.index())).split().identity();
            case PLAN, REDUCE, COMMIT -> task.job() + "/" + task.stage() + "/" + task.index();
        };
    }

    /** Returns where the data of a task is at hand, as its split says; empty when it is as near to every node. */
    public List<String> locations(TaskId task) {
        return switch (stages.get(task.stage()).kind()) {
            case MAP -> splits.get(task.index()).split().locations();
            case SAMPLE -> splits.get(sampledSplits.get(task.index())).split().locations();
            case PLAN, REDUCE, COMMIT -> List.of();
        };
    }

    /** Returns whether tasks of a stage have a home node: those that read or move data do. */
    public boolean isRouted(int stage) {
        StageKind kind = stages.get(stage).kind();
        return kind != StageKind.PLAN && kind != StageKind.COMMIT;
    }
}
