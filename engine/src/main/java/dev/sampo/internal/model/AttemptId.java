package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.Comparator;

/**
 * One try at a task. Several attempts of a task may run at once; at most one is committed.
 *
 * @param task the task
 * @param number from 0, rising with every attempt of the task, never used twice
 */
public record AttemptId(TaskId task, int number) implements Serializable, Comparable<AttemptId> {
    private static final Comparator<AttemptId> ORDER =
            Comparator.comparing(AttemptId::task).thenComparingInt(AttemptId::number);

    /** Checks the number. */
    public AttemptId {
        if (number < 0) {
            throw new IllegalArgumentException("attempt " + number + " of " + task + "; expected at least 0");
        }
    }

    @Override
    public int compareTo(AttemptId other) {
        return ORDER.compare(this, other);
    }

    /** Returns a name without the job, fit for file and actor names, such as {@code 2-00017-0}. */
    public String localName() {
        return task.localName() + "-" + number;
    }

    @Override
    public String toString() {
        return task.job() + "/" + localName();
    }
}
