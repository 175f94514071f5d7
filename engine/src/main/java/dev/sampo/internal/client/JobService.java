package dev.sampo.internal.client;

import dev.sampo.api.DataType;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.StopMode;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;

/** Where jobs are submitted to: an engine in this JVM, a cluster it is a member of, or one it reaches over HTTP. */
public interface JobService {
    /**
     * Submits a job under a new id.
     *
     * @throws SampoException when the job cannot be packed, or the service is closed
     */
    <K, V> JobHandle<K, V> submit(JobSpec<K, V> spec);

    /**
     * Submits a job under an id; a submit repeated with the same id is one job.
     *
     * @throws SampoException when the id has not the form of one, the job cannot be packed, or the service is closed
     */
    <K, V> JobHandle<K, V> submit(String id, JobSpec<K, V> spec);

    /**
     * Follows a job that was submitted before, by whomever.
     *
     * @param id its id
     * @param keys the type its result keys are decoded as
     * @param values the type its result values are decoded as
     * @throws SampoException when the id has not the form of one, or the service is closed
     */
    <K, V> JobHandle<K, V> job(String id, DataType<K> keys, DataType<V> values);

    /** Ends the service. A second call does nothing. */
    void close(StopMode mode);

    /** Ends the service, in the way that fits it. */
    void close();

    /** Returns the id that somebody chose for a job. */
    static JobId givenId(String id) {
        try {
            return new JobId(id);
        } catch (IllegalArgumentException e) {
            throw new SampoException(
                    ErrorCode.JOB_INVALID,
                    "job id '" + id + "'; expected 1 to 100 letters, digits, dots, hyphens and underscores, the first a"
                            + " letter or digit",
                    e);
        }
    }
}
