package dev.sampo.api;

/** Where a job is on its way. */
public enum JobState {
    /** Accepted; no task has been started. */
    QUEUED,
    /** Inputs are listed, and sampled where a range partitioner asks for it. */
    PLANNING,
    /** Map and reduce tasks run. */
    RUNNING,
    /** All results are written; they are being made visible. */
    COMMITTING,
    /** Canceled or failed; what still runs is being stopped and cleaned up. */
    STOPPING,
    /** Ended with a complete, committed result. */
    SUCCEEDED,
    /** Ended without a result. */
    FAILED,
    /** Ended without a result because somebody asked for it. */
    CANCELED;

    /** Returns whether the job has ended. */
    public boolean isTerminal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELED;
    }
}
