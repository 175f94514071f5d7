package dev.sampo.cli;

import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import java.io.IOException;

/** Shows how far a job is, waits for its end, and reports its result. */
final class JobReport {
    private final Streams streams;
    private final EngineOptions options;
    private final String output;

    /**
     * Prepares a report.
     *
     * @param output where the job writes, as the user named it; empty when that is known to the job alone
     */
    JobReport(Streams streams, EngineOptions options, String output) {
        this.streams = streams;
        this.options = options;
        this.output = output;
    }

    <K, V> JobResult<K, V> await(String name, JobHandle<K, V> handle) throws InterruptedException {
        if (!streams.terminal() || options.isQuiet()) {
            return handle.await();
        }
        try (JobProgressBar bar = JobProgressBar.on(streams.err(), name)) {
            bar.follow(handle);
            return handle.await();
        }
    }

    /** Reports a result; {@code collected} says whether it has records to be printed. */
    void report(String name, JobResult<?, ?> result, boolean collected) throws IOException {
        if (options.isJson()) {
            JsonReport.success(streams.out(), name, output, result, collected);
        } else {
            if (collected) {
                TextReport.records(streams.out(), result);
            }
            if (!options.isQuiet()) {
                TextReport.summary(streams.err(), name, output, result);
            }
        }
        streams.out().flush();
    }
}
