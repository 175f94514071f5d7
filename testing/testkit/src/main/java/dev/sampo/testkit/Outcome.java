package dev.sampo.testkit;

/** How a role's test ended, by its own account. */
enum Outcome {
    PASSED,
    /** An assertion or another error. */
    FAILED,
    /** An assumption did not hold. */
    ABORTED,
    /** Another role failed first. */
    CANCELED
}
