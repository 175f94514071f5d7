package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.Counters;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Very many tasks that do nothing, on a seed and workers in one JVM: what they cost is the engine's own. */
@Tag("slow")
final class ClusterScaleTest {
    private static final int TASKS = Integer.getInteger("sampo.scale.tasks", 100_000);

    @TempDir
    Path directory = Path.of("");

    @Test
    void runsAHundredThousandTasksThatDoNothing() throws Exception {
        try (ClusterInOneJvm cluster = new ClusterInOneJvm(directory, 2, 4)) {
            run(cluster, "warm-up", 2_000);
            long empty = System.nanoTime();
            run(cluster, "empty", 1);
            empty = System.nanoTime() - empty;
            long start = System.nanoTime();
            Counters counters = run(cluster, "many", TASKS);
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "one task: %d ms; %d tasks: %.1f s, %.0f a second%n",
                    TimeUnit.NANOSECONDS.toMillis(empty), TASKS, seconds, TASKS / seconds);
            assertThat(counters.stage("map").attempts()).isEqualTo(TASKS);
            assertThat((double) counters.stage("map").launchedHome() / TASKS).isGreaterThanOrEqualTo(0.8);
        }
    }

    private Counters run(ClusterInOneJvm cluster, String name, int tasks) throws InterruptedException {
        JobSpec<Integer, Long> job = JobSpec.named(name)
                .read(new Nothing(tasks))
                .map(Integer.class, Long.class, (record, out) -> out.emit(record, 1L))
                .partitions(1)
                .reduce(Integer.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(directory.resolve("out-" + name)));
        try (JobResult<Integer, Long> result = cluster.client().submit(job).await()) {
            return result.counters();
        }
    }

    /** Splits without records. */
    private record Nothing(int splitCount) implements InputSource<Integer> {
        @Override
        public List<Split> splits(ReadOptions options) {
            return IntStream.range(0, splitCount)
                    .mapToObj(i -> new Split("nothing-" + i, 1, List.of(), new byte[0]))
                    .toList();
        }

        @Override
        public RecordReader<Integer> open(Split split, ReadOptions options) {
            return new RecordReader<>() {
                @Override
                public boolean next() {
                    return false;
                }

                @Override
                public Integer record() {
                    throw new IllegalStateException("no record");
                }

                @Override
                public String path() {
                    return "nothing";
                }

                @Override
                public long offset() {
                    return 0;
                }

                @Override
                public long bytesRead() {
                    return 0;
                }

                @Override
                public void close() {}
            };
        }
    }
}
