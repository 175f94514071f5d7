package dev.sampo.internal.schedule;

import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.spi.ErrorCode;
import java.util.EnumSet;
import java.util.Set;

/** Decides what a failed attempt means for its task and its job. */
final class RetryPolicy {
    /**
     * Errors that another attempt would meet again, for they lie in the job or in what it names, not in one run of it.
     * An unreadable or corrupt input is not among them: network file systems fail for a while.
     */
    private static final Set<ErrorCode> HOPELESS = EnumSet.of(
            ErrorCode.OUTPUT_EXISTS,
            ErrorCode.OUTPUT_CLAIMED,
            ErrorCode.OUTPUT_NOT_SHARED,
            ErrorCode.CONFIG_INVALID,
            ErrorCode.JOB_INVALID,
            ErrorCode.JOB_CLASS,
            ErrorCode.JOB_NOT_SERIALIZABLE,
            ErrorCode.CODEC_UNKNOWN);

    private final int maxAttempts;
    private final int freeFetchFailures;

    /** What to do about a failure. */
    enum Verdict {
        /** Try the task again; the failure counts against its limit. */
        RETRY_CHARGED,
        /** Try the task again; the failure does not count. */
        RETRY_FREE,
        /** Try the task on every other node, for the machine may be at fault; the failure does not count. */
        RETRY_ELSEWHERE,
        /** Try the task again, elsewhere if possible, and let the node rest, for its disk is at fault; does not count. */
        REST_NODE,
        /** Try the task again when the task whose output it could not fetch has a new one. */
        BLAME_PRODUCER,
        /** The job fails. */
        FAIL_JOB
    }

    RetryPolicy(int maxAttempts, int freeFetchFailures) {
        this.maxAttempts = maxAttempts;
        this.freeFetchFailures = freeFetchFailures;
    }

    /**
     * Judges a failure of a task.
     *
     * @param charged how often the task was charged before
     * @param untriedNode whether there is a node on which the task has not failed
     */
    Verdict judge(FailureReport report, int charged, boolean untriedNode) {
        if (report.kind() == FailureKind.FETCH && report.producer() != null) {
            return Verdict.BLAME_PRODUCER;
        }
        if (report.kind() == FailureKind.ENGINE || report.code().kind() == ErrorCode.Kind.BUG) {
            return Verdict.FAIL_JOB;
        }
        if (HOPELESS.contains(report.code())) {
            return Verdict.FAIL_JOB;
        }
        if (report.code() == ErrorCode.INPUT_NOT_FOUND) {
            return Verdict.RETRY_ELSEWHERE;
        }
        if (report.code() == ErrorCode.INPUT_UNREADABLE && untriedNode) {
            return Verdict.RETRY_FREE; // no more often than there are nodes
        }
        // A full disk would fail any task. Where all nodes have failed the task, it may be one for which no disk has
        // room.
        if (report.code() == ErrorCode.SPILL_FAILED && report.kind() == FailureKind.RESOURCE && untriedNode) {
            return Verdict.REST_NODE;
        }
        // A fetch failure that names no producer blames nobody else, so it is charged to the reader: a retry that
        // nobody pays for could go on for ever.
        if (!report.kind().isCharged() && report.kind() != FailureKind.FETCH) {
            return Verdict.RETRY_FREE;
        }
        return isSpent(charged + 1) ? Verdict.FAIL_JOB : Verdict.RETRY_CHARGED;
    }

    /** Returns whether the failure number {@code fetchFailures} to fetch a task's output is charged to that task. */
    boolean chargesProducer(int fetchFailures) {
        return fetchFailures > freeFetchFailures;
    }

    /** Returns whether a task charged so often has used up its attempts. */
    boolean isSpent(int charged) {
        return charged >= maxAttempts;
    }
}
