package dev.sampo.api;

/**
 * A number a function of a job adds to. Only the counts of the one attempt per task that is committed are kept, so a
 * counter is exact however often tasks are tried again. Used by the thread of the attempt only.
 */
public interface Counter {
    /** Adds {@code amount}, which may be negative. */
    void add(long amount);

    /** Adds one. */
    default void increment() {
        add(1);
    }
}
