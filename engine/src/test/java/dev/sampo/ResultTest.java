package dev.sampo;

import static dev.sampo.EngineFixture.collect;
import static dev.sampo.EngineFixture.engine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a reducer reads, and what the caller gets back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResultTest {
    private final Sampo engine = engine("sampo.slots = 2");

    @TempDir
    Path folder;

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    @Test
    void aCollectedResultCanBeReadUntilItIsClosed() throws Exception {
        JobSpec<Long, Long> job = JobSpec.named("collect")
                .read(MemoryInput.of(
                        Codecs.LONG, LongStream.range(0, 500).boxed().toList()))
                .map(Long.class, Long.class, (n, out) -> out.emit(n, -n))
                .partitions(3)
                .reduce(Long.class, Long.class, Reducers.identity())
                .collect();
        JobResult<Long, Long> result = engine.submit(job).await();
        List<Pair<Long, Long>> first;
        try (result) {
            try (Stream<Pair<Long, Long>> records = result.records()) {
                first = records.toList();
            }
            try (Stream<Pair<Long, Long>> again = result.records()) {
                assertThat(again.toList()).isEqualTo(first);
            }
            try (Stream<Pair<Long, Long>> some = result.records()) {
                assertThat(some.limit(3).toList()).isEqualTo(first.subList(0, 3));
            }
            assertThat(result.parts()).isEmpty();
        }
        assertThat(first)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, 500).mapToObj(n -> Pair.of(n, -n)).toList());
        assertThatThrownBy(result::records)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(result.jobId())
                .hasMessageContaining("closed");
    }

    @Test
    void aWrittenResultIsNotStreamed() throws Exception {
        JobSpec<Long, Long> job = JobSpec.named("written")
                .read(MemoryInput.of(Codecs.LONG, List.of(1L)))
                .map(Long.class, Long.class, (n, out) -> out.emit(n, n))
                .reduce(Long.class, Long.class, Reducers.identity())
                .writeTo(TextOutput.to(folder.resolve("written")));
        try (JobResult<Long, Long> result = engine.submit(job).await()) {
            assertThatThrownBy(result::records)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("collect");
            assertThat(result.parts())
                    .hasSize(1)
                    .allSatisfy(part -> assertThat(part.digest()).startsWith("sha256:"));
        }
    }

    @Test
    void theValuesOfAKeyAreIteratedOnce() {
        JobSpec<String, Long> job = JobSpec.named("twice")
                .read(MemoryInput.of(Codecs.LONG, List.of(1L)))
                .map(String.class, Long.class, (n, out) -> out.emit("n", n))
                .reduce(String.class, Long.class, (key, values, out) -> {
                    out.emit(key, values.stream().count());
                    out.emit(key, values.stream().count());
                })
                .collect()
                .withMaxAttempts(1);
        assertThat(EngineFixture.failureOf(engine.submit(job), ErrorCode.USER_CODE_FAILED))
                .contains("expected one iteration");
    }

    @Test
    void valuesThatAReducerLeavesUnreadAreSkipped() throws Exception {
        JobSpec<Long, Long> job = JobSpec.named("unread")
                .read(MemoryInput.of(
                        Codecs.LONG, LongStream.range(0, 1_000).boxed().toList()))
                .map(Long.class, Long.class, (n, out) -> out.emit(n % 4, n))
                .partitions(1)
                .reduce(Long.class, Long.class, (key, values, out) -> {
                    if (key != 2) {
                        out.emit(key, values.iterator().next());
                    }
                })
                .collect();
        assertThat(collect(engine, job)).containsExactly(Pair.of(0L, 0L), Pair.of(1L, 1L), Pair.of(3L, 3L));
    }

    @Test
    void aClosedEngineTakesNoJobs() {
        Sampo closed = engine("sampo.slots = 1");
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.submit(NumbersJob.numbers(1, (n, out) -> out.emit(n, n))))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED));
    }
}
