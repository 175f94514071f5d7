package dev.sampo.api;

import java.util.List;

/**
 * How far a job is.
 *
 * @param state the state of the job
 * @param stages the stages known so far, in order; more may follow while the job is planned
 */
public record JobProgress(JobState state, List<Stage> stages) {
    /** Copies the components. */
    public JobProgress {
        stages = List.copyOf(stages);
    }

    /**
     * How far one stage is.
     *
     * @param name the name of the stage
     * @param total the number of its tasks
     * @param done tasks that are done
     * @param running attempts that run now
     */
    public record Stage(String name, int total, int done, int running) {}

    /** Returns the share of all known tasks that is done, from 0 to 1. */
    public double fraction() {
        if (state == JobState.SUCCEEDED) {
            return 1;
        }
        long total = stages.stream().mapToLong(Stage::total).sum();
        return total == 0 ? 0 : (double) stages.stream().mapToLong(Stage::done).sum() / total;
    }
}
