package dev.sampo.api;

/** How an engine is closed. */
public enum StopMode {
    /** Takes no new jobs and lets those that run come to their end. */
    DRAIN,
    /** Cancels the jobs that run. */
    CANCEL,
    /**
     * Lets go of the jobs that run, once the cluster has taken them over: they go on without this engine, and whoever
     * has their ids may ask for them. Those of an engine without a cluster are canceled, for nobody else could run them.
     */
    DETACH
}
