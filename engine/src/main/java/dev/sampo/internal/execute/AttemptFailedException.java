package dev.sampo.internal.execute;

import dev.sampo.internal.model.FailureReport;

/**
 * Thrown inside the actor of an attempt when the attempt failed, so that the failure takes the way of supervision: the
 * node agent, which supervises the attempt, hears of it as the failure of its child. Carries no stack trace of its own;
 * that of the cause is in the report.
 */
final class AttemptFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient FailureReport report;

    AttemptFailedException(FailureReport report) {
        super(report.describe(), null, false, false);
        this.report = report;
    }

    FailureReport report() {
        return report;
    }
}
