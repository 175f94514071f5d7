package dev.sampo.api;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The result of a job that succeeded.
 *
 * @param <K> the type of the result keys
 * @param <V> the type of the result values
 */
public interface JobResult<K, V> extends AutoCloseable {
    /** Returns the id of the job. */
    String jobId();

    /** Returns the job's counters. */
    Counters counters();

    /** Returns the time from submission to commit. */
    Duration duration();

    /** Returns the committed parts in name order, as {@code _SUCCESS} lists them; empty for a collected result. */
    List<OutputPart> parts();

    /**
     * Returns the records of a job that ended in {@link JobSpec.OutputStep#collect}, partition by partition. They are
     * read as the stream goes on, so they need not fit in memory; close the stream when it is not read to its end. May
     * be called again until the result or the engine is closed.
     *
     * @throws IllegalStateException when the job wrote to a directory, or the result is closed
     */
    Stream<Pair<K, V>> records();

    /** Lets go of a collected result's storage. Files in an output directory stay. */
    @Override
    void close();
}
