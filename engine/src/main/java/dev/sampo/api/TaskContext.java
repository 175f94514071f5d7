package dev.sampo.api;

/** What a function can ask about the attempt it runs in. Valid while the attempt runs, on its thread only. */
public interface TaskContext {
    /** Returns the name of the job. */
    String jobName();

    /** Returns the name of the stage, such as {@code map} or {@code reduce-1}. */
    String stageName();

    /** Returns the number of this task in its stage, from 0, in the order of the input or of the partitions. */
    int taskIndex();

    /** Returns how many tasks the stage has. */
    int taskCount();

    /** Returns the number of this attempt of the task, from 0. */
    int attemptNumber();

    /** Returns the user counter of this name, which is part of the job's result. */
    Counter counter(String name);

    /** Returns the path of the record being mapped, or an empty string in a reduce task. */
    String inputPath();

    /** Returns the offset of the record being mapped within {@link #inputPath()}, or the number of the key being reduced. */
    long inputOffset();
}
