package dev.sampo.internal.model;

/** What the tasks of a stage do. */
public enum StageKind {
    /** One task: checks and claims the output, lists the splits. */
    PLAN,
    /** Tasks that map a sample of the splits and return keys, for a range partitioner. */
    SAMPLE,
    /** One task per split: map, combine, partition, sort. */
    MAP,
    /** One task per partition: fetch, merge, reduce; then the output, or the next shuffle. */
    REDUCE,
    /** One task: gives the granted parts their names and writes the manifest. */
    COMMIT
}
