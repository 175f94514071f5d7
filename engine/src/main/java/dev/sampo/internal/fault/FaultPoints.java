package dev.sampo.internal.fault;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;

/**
 * The places where a test may inject failures. An instance is passed to those who have such places; production passes
 * {@link #NONE}. An implementation injects a failure by throwing, or by ending the process. Called by many threads.
 */
public interface FaultPoints {
    /** Injects nothing. */
    FaultPoints NONE = new FaultPoints() {};

    /**
     * An attempt has reached a point.
     *
     * @param progress how often it has been there, from 1; what is counted says {@link FaultPoint}
     */
    default void onAttempt(AttemptId attempt, FaultPoint point, long progress) {}

    /**
     * The commit of a job's output has finished a step.
     *
     * @param step what was done, for people
     */
    default void onCommit(JobId job, String step) {}
}
