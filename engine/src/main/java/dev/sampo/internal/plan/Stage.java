package dev.sampo.internal.plan;

import dev.sampo.internal.model.StageKind;

/**
 * Tasks of one kind, all of which may run at once. A stage starts when the one before it is done.
 *
 * @param number from 0, in the order in which the stages run
 * @param kind what its tasks do
 * @param name what people call it: {@code plan}, {@code sample}, {@code map}, {@code reduce-1} …, {@code commit}
 * @param tasks the number of its tasks, or {@link #UNKNOWN}
 */
public record Stage(int number, StageKind kind, String name, int tasks) {
    /** The number of tasks of a stage before the splits are listed. */
    public static final int UNKNOWN = -1;

    /** Returns whether the number of tasks is known. */
    public boolean isKnown() {
        return tasks != UNKNOWN;
    }

    Stage withTasks(int count) {
        return new Stage(number, kind, name, count);
    }
}
