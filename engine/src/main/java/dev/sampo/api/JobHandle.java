package dev.sampo.api;

import java.util.concurrent.CompletionStage;

/**
 * A job that was submitted. Safe for many threads.
 *
 * @param <K> the type of the result keys
 * @param <V> the type of the result values
 */
public interface JobHandle<K, V> {
    /** Returns the id of the job. */
    String id();

    /**
     * Completes when the engine has taken the job over: from then on a job of a cluster goes on without its submitter.
     * Fails as {@link #result()} when the job is refused or ends before. Of a job that somebody else submitted: when it
     * was found.
     */
    CompletionStage<Void> accepted();

    /** Returns the state, as last heard. */
    JobState state();

    /** Returns how far the job is, as last heard. */
    JobProgress progress();

    /** Returns the counters of the tasks done so far, as last heard. */
    Counters counters();

    /** Asks for the job to be canceled. Returns at once; a job that has ended stays as it is. */
    void cancel();

    /**
     * Returns the coming result. Fails with a {@link dev.sampo.spi.SampoException} that names task, record and cause;
     * with {@link dev.sampo.spi.ErrorCode#JOB_CANCELED} after a cancel.
     */
    CompletionStage<JobResult<K, V>> result();

    /**
     * Waits for the result.
     *
     * @throws dev.sampo.spi.SampoException when the job failed or was canceled
     * @throws InterruptedException when the waiting thread is interrupted; the job goes on
     */
    JobResult<K, V> await() throws InterruptedException;
}
