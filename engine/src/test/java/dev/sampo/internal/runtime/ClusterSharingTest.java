package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sampo.api.Counters;
import dev.sampo.api.Emitter;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducers;
import dev.sampo.api.StageCounters;
import dev.sampo.api.TaskContext;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the nodes of a cluster do for one job: at home, when one joins, and when one leaves. */
final class ClusterSharingTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void closeGate() {
        Gate.reset();
    }

    @Test
    void runsMostAttemptsAtHomeWhenEqualNodesAreIdle() throws Exception {
        try (ClusterInOneJvm cluster = new ClusterInOneJvm(directory, 4, 2)) {
            JobHandle<Integer, Long> job = cluster.client().submit(job("home", 400, 1));
            // all slots go on at the same pace, whatever else the machine does
            for (int done = 0; done < 400; done += 8) {
                int started = done + 8;
                await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(() -> Gate.STARTED.get() >= started);
                Gate.PERMITS.release(8);
            }
            StageCounters map = run(job).stage("map");
            assertThat(map.attempts()).isEqualTo(400);
            assertThat((double) map.launchedHome() / map.attempts())
                    .as("share of %s attempts run at home", map.attempts())
                    .isGreaterThanOrEqualTo(0.8);
        }
    }

    @Test
    void aNodeThatJoinsInMidJobGetsWorkOfItAndNothingRunsTwice() throws Exception {
        try (ClusterInOneJvm cluster = new ClusterInOneJvm(directory, 2, 1)) {
            JobHandle<Integer, Long> job = cluster.client().submit(job("join", 60, 1));
            await().atMost(LIMIT).until(() -> Gate.STARTED.get() == 2);
            cluster.join(1);
            // Nobody has ended: what starts now runs on the new node.
            await().atMost(Duration.ofSeconds(10)).until(() -> Gate.STARTED.get() == 3);
            Gate.PERMITS.release(1_000_000);
            StageCounters map = run(job).stage("map");
            assertThat(map.attempts()).isEqualTo(60);
            assertThat(map.failedAttempts()).isZero();
        }
    }

    @Test
    void aNodeThatLeavesInMidJobLosesNothing() throws Exception {
        try (ClusterInOneJvm cluster = new ClusterInOneJvm(directory, 3, 1)) {
            JobHandle<Integer, Long> job = cluster.client().submit(job("leave", 45, 3));
            Gate.PERMITS.release(24);
            await().atMost(LIMIT).until(() -> done(job, "map") == 24 && Gate.STARTED.get() == 27);
            NodeProcess leaving = cluster.worker(1);
            cluster.leave(leaving);
            // What it ran may end; it has left only when that and its outputs are elsewhere.
            Gate.PERMITS.release(3);
            leaving.ended().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            Gate.PERMITS.release(1_000_000);
            Counters counters = run(job);
            for (StageCounters stage : counters.stages()) {
                assertThat(stage.failedAttempts()).as(stage.stage()).isZero();
            }
            // an order that crosses the word of the leaving node on its way is refused: that is no attempt that ran
            assertThat(Gate.STARTED.get()).as("map attempts that ran").isEqualTo(45);
            assertThat(counters.stage("reduce-1").recordsIn()).isEqualTo(45);
        }
    }

    @Test
    void splitsNearToALabelRunThereAndElsewhereOnlyWhenNoNodeOfItIsLeft() throws Exception {
        Path input = directory.resolve("in.txt");
        Files.writeString(input, "0123456789\n".repeat(400));
        try (ClusterInOneJvm cluster = new ClusterInOneJvm(directory, 2, 2)) {
            NodeProcess near = cluster.join(2, "{ zone = a }");
            await().atMost(LIMIT).until(() -> cluster.registrations() == 3);
            Gate.PERMITS.release(1_000_000);
            StageCounters map =
                    run(cluster.client().submit(nearJob("near", input))).stage("map");
            assertThat(map.launchedNear() + map.launchedFar()).isEqualTo(map.attempts());
            assertThat((double) map.launchedNear() / map.attempts())
                    .as("share of %s attempts run where they prefer", map.attempts())
                    .isGreaterThanOrEqualTo(0.9);
            cluster.leave(near);
            near.ended().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            map = run(cluster.client().submit(nearJob("far", input))).stage("map");
            assertThat(map.launchedFar()).isEqualTo(map.attempts());
        }
    }

    private JobSpec<Integer, Long> nearJob(String name, Path input) {
        return JobSpec.named(name)
                .read(TextInput.from(input).near("zone=a").asStrings())
                .map(Integer.class, Long.class, new GatedLine())
                .partitions(1)
                .reduce(Integer.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(directory.resolve("out-" + name)))
                .withSplitBytes(44)
                .withoutSpeculation();
    }

    private static int done(JobHandle<?, ?> job, String stage) {
        return job.progress().stages().stream()
                .filter(each -> each.name().equals(stage))
                .mapToInt(JobProgress.Stage::done)
                .sum();
    }

    private static <K, V> Counters run(JobHandle<K, V> job) throws InterruptedException {
        try (JobResult<K, V> result = job.await()) {
            return result.counters();
        }
    }

    private JobSpec<Integer, Long> job(String name, int tasks, int partitions) {
        return JobSpec.named(name)
                .read(MemoryInput.of(IntStream.range(0, tasks).boxed().toList()))
                .map(Integer.class, Long.class, new Gated())
                .partitions(partitions)
                .reduce(Integer.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(directory.resolve("out-" + name)))
                .withSplitBytes(1)
                .withoutSpeculation();
    }

    /** Shared by the nodes and the test, which are in one JVM. */
    private static final class Gate {
        static final AtomicInteger STARTED = new AtomicInteger();
        static final Semaphore PERMITS = new Semaphore(0, true);
        static final Set<String> ATTEMPTS = ConcurrentHashMap.newKeySet();

        private Gate() {}

        static void reset() {
            STARTED.set(0);
            PERMITS.drainPermits();
            ATTEMPTS.clear();
        }
    }

    private static final class GatedLine implements Mapper<String, Integer, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void map(String line, Emitter<Integer, Long> out) throws Exception {
            Gate.PERMITS.acquire();
            out.emit(line.length(), 1L);
        }
    }

    private static final class Gated implements Mapper<Integer, Integer, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void open(TaskContext context) {
            Gate.STARTED.incrementAndGet();
        }

        @Override
        public void map(Integer record, Emitter<Integer, Long> out) throws Exception {
            Gate.PERMITS.acquire();
            out.emit(record, 1L);
        }
    }
}
