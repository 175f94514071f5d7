package dev.sampo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.api.DataType;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.StopMode;
import dev.sampo.internal.client.JobService;
import dev.sampo.internal.runtime.EngineRuntime;
import java.net.URI;
import java.util.List;

/**
 * An engine that runs jobs. Safe for many threads; several jobs run at once and share the engine's slots.
 *
 * <p>An embedded engine is a guest: it never ends the JVM, prints nothing, logs through slf4j, and reads neither the
 * host's {@code application.conf} nor its system properties. User code that throws, even an {@link Error}, fails its
 * attempt only. The one thing it cannot stop is a job that calls {@link System#exit}.
 */
public final class Sampo implements AutoCloseable {
    private final JobService jobs;

    private Sampo(JobService jobs) {
        this.jobs = jobs;
    }

    /** Starts an engine in this JVM, with the settings of {@code dev/sampo/reference.conf}. */
    public static Sampo local() {
        return local(ConfigFactory.empty());
    }

    /**
     * Starts an engine in this JVM.
     *
     * @param overrides settings that differ from the defaults, under the root {@code sampo}
     * @throws dev.sampo.spi.SampoException of {@link dev.sampo.spi.ErrorCode#CONFIG_INVALID} that lists all that is wrong
     *     with them
     */
    public static Sampo local(Config overrides) {
        return new Sampo(EngineRuntime.local(overrides));
    }

    /**
     * Joins a cluster as a member that submits jobs. The classes of its jobs must be on the class path of the workers.
     *
     * @param overrides settings under the root {@code sampo}; {@code sampo.cluster.seeds} names whom to join
     * @throws dev.sampo.spi.SampoException as {@link #local(Config)}
     */
    public static Sampo join(Config overrides) {
        return new Sampo(EngineRuntime.join(overrides));
    }

    /**
     * Reaches a cluster over HTTP, without being a member of it: no actors, no port of its own. Connects when there is
     * something to say.
     *
     * @param seed the HTTP API of a seed, as {@code http://127.0.0.1:25580}
     * @throws dev.sampo.spi.SampoException as {@link #connect(List, Config)}
     */
    public static Sampo connect(URI seed) {
        return connect(seed, ConfigFactory.empty());
    }

    /** Reaches a cluster over HTTP, as {@link #connect(List, Config)}, by one seed. */
    public static Sampo connect(URI seed, Config overrides) {
        return connect(List.of(seed), overrides);
    }

    /**
     * Reaches a cluster over HTTP. A seed that does not answer is tried again for a while, and the others in turn; a job
     * goes on whatever becomes of this engine.
     *
     * @param seeds the HTTP API of its seeds, of any or all
     * @param overrides settings under the root {@code sampo}; {@code sampo.client} has the token, the certificates to
     *     trust and the limits of time
     * @throws dev.sampo.spi.SampoException of {@link dev.sampo.spi.ErrorCode#CONFIG_INVALID} when an address is not one
     *     of HTTP, a file cannot be read, or a setting is wrong
     */
    public static Sampo connect(List<URI> seeds, Config overrides) {
        return new Sampo(EngineRuntime.connect(seeds, overrides));
    }

    /**
     * Submits a job and returns at once.
     *
     * @throws dev.sampo.spi.SampoException when a type of the job has no codec, a function cannot be serialized, or the
     *     engine is closed
     */
    public <K, V> JobHandle<K, V> submit(JobSpec<K, V> job) {
        return jobs.submit(job);
    }

    /**
     * Submits a job under an id of the caller's choice and returns at once. A submit repeated with the same id, by
     * whomever, is one job: all of them follow it. The id of another job is refused with {@link
     * dev.sampo.spi.ErrorCode#JOB_UNKNOWN}; the same job is one with the same functions, captured values, inputs, output
     * and options.
     *
     * @param id 1 to 100 letters, digits, dots, hyphens and underscores, the first a letter or digit
     * @throws dev.sampo.spi.SampoException as {@link #submit(JobSpec)}, and when the id has another form
     */
    public <K, V> JobHandle<K, V> submit(String id, JobSpec<K, V> job) {
        return jobs.submit(id, job);
    }

    /**
     * Returns a job that was submitted before, by this engine or somebody else, with its results as the bytes its codecs
     * wrote. The handle fails with {@link dev.sampo.spi.ErrorCode#JOB_UNKNOWN} when no such job is known.
     *
     * @throws dev.sampo.spi.SampoException when the id has not the form of one, or the engine is closed
     */
    public JobHandle<byte[], byte[]> job(String id) {
        return job(id, DataType.of(byte[].class), DataType.of(byte[].class));
    }

    /**
     * Returns a job that was submitted before, as {@link #job(String)}, with its results decoded.
     *
     * @param id its id
     * @param keys the type of its result keys
     * @param values the type of its result values
     */
    public <K, V> JobHandle<K, V> job(String id, DataType<K> keys, DataType<V> values) {
        return jobs.job(id, keys, values);
    }

    /**
     * Ends the engine: its threads have ended and its files are gone on return. An engine in this JVM alone cancels its
     * jobs first; those of a cluster go on, as with {@link StopMode#DETACH}.
     */
    @Override
    public void close() {
        jobs.close();
    }

    /** Ends the engine; {@code mode} says what becomes of the jobs that run. */
    public void close(StopMode mode) {
        jobs.close(mode);
    }
}
