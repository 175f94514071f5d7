package dev.sampo.cli;

import dev.sampo.Sampo;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.StopMode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Runs one job in an engine of its own, shows how far it is, and reports its result. */
final class JobRun {
    private final Streams streams;
    private final EngineOptions options;
    private final String output;

    /**
     * Prepares a run.
     *
     * @param output where the job writes, as the user named it; empty when that is known to the job alone
     */
    JobRun(Streams streams, EngineOptions options, String output) {
        this.streams = streams;
        this.options = options;
        this.output = output;
    }

    /**
     * Runs the job to its end.
     *
     * @throws dev.sampo.spi.SampoException when a setting is wrong or the job fails
     */
    <K, V> void run(JobSpec<K, V> job) throws InterruptedException {
        try (Sampo sampo = options.settings().start(Sampo::local)) {
            JobHandle<K, V> handle = sampo.submit(options.apply(job));
            Thread onInterrupt = new Thread(() -> cancel(sampo, handle), "sampo-cancel");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            JobReport report = new JobReport(streams, options, output);
            try (JobResult<K, V> result = report.await(job.name(), handle)) {
                report.report(job.name(), result, job.sink() == null);
            } finally {
                forget(onInterrupt);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ctrl-C and SIGTERM: the engine cancels the job and cleans up before the process ends. */
    private static void cancel(Sampo sampo, JobHandle<?, ?> handle) {
        handle.cancel();
        sampo.close(StopMode.CANCEL);
    }

    /** Lets the process end without a hook that is not needed any more. */
    static void forget(Thread onInterrupt) {
        try {
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
        } catch (IllegalStateException e) {
            // the process is ending already, and the hook at work
        }
    }
}
