package dev.sampo.internal.schedule;

/** How a task's data lies to the node that an attempt was launched on, as the split of the task says. */
enum Nearness {
    /** The split names no place. */
    INDIFFERENT,
    /** The node is one that the split names. */
    NEAR,
    /** It is not. */
    FAR
}
