package dev.sampo;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.api.Counters;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Pair;
import dev.sampo.api.StageCounters;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What tests of the embedded engine have in common: settings, how a job ended, and what lies in a directory. */
final class EngineFixture {
    private EngineFixture() {}

    /** Starts an engine whose attempts have little time to heed an interrupt. */
    static Sampo engine(String... settings) {
        Config config = ConfigFactory.parseString("sampo { task.interrupt-grace = 200ms, progress-interval = 20ms }");
        for (String setting : settings) {
            config = ConfigFactory.parseString(setting).withFallback(config);
        }
        return Sampo.local(config);
    }

    /** Runs a job that collects, and returns its records. */
    static <K, V> List<Pair<K, V>> collect(Sampo engine, JobSpec<K, V> job) throws InterruptedException {
        try (JobResult<K, V> result = engine.submit(job).await();
                Stream<Pair<K, V>> records = result.records()) {
            return records.toList();
        }
    }

    /** Runs a job that writes to a directory, and returns its counters. */
    static Counters run(Sampo engine, JobSpec<?, ?> job) throws InterruptedException {
        return counters(engine.submit(job));
    }

    private static <K, V> Counters counters(JobHandle<K, V> job) throws InterruptedException {
        try (JobResult<K, V> result = job.await()) {
            return result.counters();
        }
    }

    /** Waits for a job to fail, and returns with what. */
    static SampoException failureOf(JobHandle<?, ?> job) {
        return catchThrowableOfType(SampoException.class, job::await);
    }

    /** Waits for a job to fail with a code, and returns the message. */
    static String failureOf(JobHandle<?, ?> job, ErrorCode code) {
        SampoException failure = failureOf(job);
        if (failure.code() != code) {
            throw new AssertionError("failed with " + failure.code() + "; expected " + code, failure);
        }
        return String.valueOf(failure.getMessage());
    }

    static StageCounters stage(JobHandle<?, ?> job, String stage) {
        return job.counters().stage(stage);
    }

    /** Returns every file below a directory, {@code _SUCCESS} aside, by its path. */
    static Map<String, String> digests(JobResult<?, ?> result) {
        Map<String, String> digests = new TreeMap<>();
        result.parts().forEach(part -> digests.put(part.name(), part.digest()));
        return digests;
    }

    /** Returns the lines of all parts, in the order of the parts. */
    static List<String> lines(Path output) throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            List<Path> parts = files.filter(
                            file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList();
            StringBuilder all = new StringBuilder();
            for (Path part : parts) {
                all.append(Files.readString(part));
            }
            return all.toString().lines().toList();
        }
    }

    /** Returns everything that is in a directory, however deep; nothing when there is none. */
    static List<String> everythingIn(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> !file.equals(directory))
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
