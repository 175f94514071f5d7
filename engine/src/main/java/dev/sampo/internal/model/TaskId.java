package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Locale;

/**
 * A task: one split to map, one partition to reduce, or one step of planning and commit.
 *
 * @param job the job
 * @param stage the number of the stage in the job's plan, from 0
 * @param index the number of the task in its stage, from 0
 */
public record TaskId(JobId job, int stage, int index) implements Serializable, Comparable<TaskId> {
    private static final Comparator<TaskId> ORDER =
            Comparator.comparing(TaskId::job).thenComparingInt(TaskId::stage).thenComparingInt(TaskId::index);

    /** Checks the numbers. */
    public TaskId {
        if (stage < 0 || index < 0) {
            throw new IllegalArgumentException("stage " + stage + ", task " + index + "; expected at least 0");
        }
    }

    @Override
    public int compareTo(TaskId other) {
        return ORDER.compare(this, other);
    }

    /** Returns a name without the job, fit for file and actor names, such as {@code 2-00017}. */
    public String localName() {
        return String.format(Locale.ROOT, "%d-%05d", stage, index);
    }

    @Override
    public String toString() {
        return job + "/" + localName();
    }
}
