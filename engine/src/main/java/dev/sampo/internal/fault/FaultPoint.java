package dev.sampo.internal.fault;

/** A place in an attempt where a test may inject a failure. */
public enum FaultPoint {
    /** The attempt has its slot and has done nothing yet. */
    STARTED,
    /** A record was mapped; progress is the number of records so far. */
    RECORD_MAPPED,
    /** A key was reduced; progress is the number of keys so far. */
    KEY_REDUCED,
    /** A sorted run was spilled; progress is the number of runs so far. */
    SPILLED,
    /** A segment was fetched; progress is the number of segments so far. */
    SEGMENT_FETCHED,
    /** The work is done and not yet reported. */
    FINISHING
}
