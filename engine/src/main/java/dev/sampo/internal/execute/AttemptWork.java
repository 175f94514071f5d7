package dev.sampo.internal.execute;

/** What an attempt does, on a thread for user code. May block; is interrupted when the attempt is canceled. */
interface AttemptWork {
    /**
     * Does the work.
     *
     * @throws Exception whatever goes wrong, from user code too; everything the work made is gone then
     */
    Outcome run(AttemptScope scope) throws Exception;

    /** Takes back what a finished work left behind, because nobody wants it any more. Must not throw. */
    default void discard() {}
}
