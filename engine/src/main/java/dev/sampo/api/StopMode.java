package dev.sampo.api;

/** How an engine is closed. */
public enum StopMode {
    /** Takes no new jobs and lets those that run come to their end. */
    DRAIN,
    /** Cancels the jobs that run. */
    CANCEL
}
