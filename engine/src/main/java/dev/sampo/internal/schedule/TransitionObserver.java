package dev.sampo.internal.schedule;

/** Is told every transition that a lifecycle takes; lets a test see that each of them happens. */
@FunctionalInterface
interface TransitionObserver {
    /** Looks away. */
    TransitionObserver NONE = (lifecycle, from, event) -> {};

    /** A transition was taken. */
    void taken(String lifecycle, Enum<?> from, Enum<?> event);
}
