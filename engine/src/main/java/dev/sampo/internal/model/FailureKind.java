package dev.sampo.internal.model;

/** Who is to blame for a failed attempt, and so whether the task is charged for it. */
public enum FailureKind {
    /** A record that cannot be read, or on which user code threw. Charged. */
    RECORD(true),
    /** User code outside any record: loading, set-up, close, a time-out. Charged. */
    USER_CODE(true),
    /** Memory ran out in the attempt. Charged. */
    MEMORY(true),
    /** Disk, output or another resource of the node or its file systems. Charged. */
    RESOURCE(true),
    /** The node is gone, or lost the attempt. Not charged. */
    NODE(false),
    /** A map output could not be fetched; blames its producer, not the reader. Not charged. */
    FETCH(false),
    /** Drained, preempted or canceled. Not charged. */
    PLAN(false),
    /** A defect of the engine. Fails the job at once. */
    ENGINE(true);

    private final boolean charged;

    FailureKind(boolean charged) {
        this.charged = charged;
    }

    /** Returns whether the failure counts against the task's limit of attempts. */
    public boolean isCharged() {
        return charged;
    }
}
