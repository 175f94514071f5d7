package dev.sampo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.StopMode;
import dev.sampo.internal.runtime.EngineRuntime;

/**
 * An engine that runs jobs. Safe for many threads; several jobs run at once and share the engine's slots.
 *
 * <p>An embedded engine is a guest: it never ends the JVM, prints nothing, logs through slf4j, and reads neither the
 * host's {@code application.conf} nor its system properties. User code that throws, even an {@link Error}, fails its
 * attempt only. The one thing it cannot stop is a job that calls {@link System#exit}.
 */
public final class Sampo implements AutoCloseable {
    private final EngineRuntime runtime;

    private Sampo(EngineRuntime runtime) {
        this.runtime = runtime;
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
     * Submits a job and returns at once.
     *
     * @throws dev.sampo.spi.SampoException when a type of the job has no codec, a function cannot be serialized, or the
     *     engine is closed
     */
    public <K, V> JobHandle<K, V> submit(JobSpec<K, V> job) {
        return runtime.submit(job);
    }

    /** Cancels the jobs that run and ends the engine: its threads have ended and its files are gone on return. */
    @Override
    public void close() {
        close(StopMode.CANCEL);
    }

    /** Ends the engine; {@code mode} says what becomes of the jobs that run. */
    public void close(StopMode mode) {
        runtime.close(mode);
    }
}
