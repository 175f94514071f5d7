package dev.sampo;

import static dev.sampo.EngineFixture.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.api.DataType;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.JobState;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducers;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids that submitters choose: one id is one job, and whoever has it may ask for the job. */
class JobIdTest {
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final Sampo engine = EngineFixture.engine("sampo.slots = 2");

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void aSubmitRepeatedWithTheSameIdIsOneJob() throws InterruptedException {
        RUNS.set(0);
        JobSpec<String, Long> job = counted("x");
        JobHandle<String, Long> first = engine.submit("nightly-1", job);
        JobHandle<String, Long> second = engine.submit("nightly-1", job);
        assertThat(first.id()).isEqualTo("nightly-1").isEqualTo(second.id());
        assertThat(records(first)).containsExactly(Pair.of("x", 1L));

        first.accepted().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
        JobHandle<String, Long> late = engine.submit("nightly-1", counted("x"));
        assertThat(records(late)).containsExactly(Pair.of("x", 1L));
        assertThat(RUNS).hasValue(1);
    }

    @Test
    void refusesTheIdOfAnotherJob() throws InterruptedException {
        JobHandle<String, Long> first = engine.submit("same", counted("x"));
        JobHandle<String, Long> other = engine.submit("same", counted("y"));
        SampoException failure = failureOf(other);
        assertThat(failure.code()).isEqualTo(ErrorCode.JOB_UNKNOWN);
        assertThat(failure).hasMessageContaining("'same'").hasMessageContaining("another job");
        assertThat(other.state()).isEqualTo(JobState.FAILED);
        assertThat(records(first)).containsExactly(Pair.of("x", 1L));

        assertThat(failureOf(engine.submit("same", counted("y")), ErrorCode.JOB_UNKNOWN))
                .contains("'same'");
        assertThat(other.accepted()).isCompletedExceptionally();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "../x", ".hidden", "ä", "a/b"})
    void refusesAnIdOfAnotherForm(String id) {
        assertThatThrownBy(() -> engine.submit(id, counted("x")))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_INVALID))
                .hasMessageContaining("'" + id + "'")
                .hasMessageContaining("1 to 100 letters");
        assertThatThrownBy(() -> engine.job("x".repeat(101))).hasMessageContaining("1 to 100");
    }

    @Test
    void whoeverHasTheIdFollowsTheJobAndReadsItsResult() throws InterruptedException {
        Gate.reset();
        engine.submit("open", gated());
        JobHandle<String, Long> follower = engine.job("open", DataType.of(String.class), DataType.of(Long.class));
        Gate.open().countDown();
        assertThat(records(follower)).containsExactly(Pair.of("x", 1L));
        assertThat(follower.counters().stage("map").recordsIn()).isEqualTo(1);

        JobHandle<byte[], byte[]> late = engine.job("open");
        assertThat(records(late))
                .hasSize(1)
                .allSatisfy(pair -> assertThat(pair.first()).isEqualTo(new byte[] {'x'}));
        assertThat(records(follower))
                .as("a follower lets the submitter's result be")
                .hasSize(1);
    }

    @Test
    void aFollowerCancelsTheJob() {
        Gate.reset();
        JobHandle<String, Long> submitted = engine.submit("stuck", gated());
        engine.job("stuck").cancel();
        assertThat(failureOf(submitted).code()).isEqualTo(ErrorCode.JOB_CANCELED);
        assertThat(failureOf(engine.job("stuck")).code()).isEqualTo(ErrorCode.JOB_CANCELED);
    }

    @Test
    void aJobThatNobodySubmittedIsUnknown() {
        assertThat(failureOf(engine.job("nobody"), ErrorCode.JOB_UNKNOWN)).contains("no job 'nobody'");
    }

    @Test
    void theIdOfAJobThatWroteToADirectoryGivesItsParts() throws InterruptedException {
        JobSpec<String, Long> job = JobSpec.named("written")
                .read(MemoryInput.of(List.of("x")))
                .map(String.class, Long.class, (line, out) -> out.emit(line, 1L))
                .reduce(String.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(directory.resolve("out")));
        engine.submit("written", job).await().close();
        try (JobResult<byte[], byte[]> result = engine.job("written").await()) {
            assertThat(result.parts()).isNotEmpty();
            assertThatThrownBy(result::records).hasMessageContaining("has its result in a directory");
        }
    }

    private static JobSpec<String, Long> counted(String word) {
        return JobSpec.named("counted")
                .read(MemoryInput.of(List.of(word)))
                .map(String.class, Long.class, (line, out) -> {
                    RUNS.incrementAndGet();
                    out.emit(line, 1L);
                })
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
    }

    private static JobSpec<String, Long> gated() {
        return JobSpec.named("gated")
                .read(MemoryInput.of(List.of("x")))
                .map(String.class, Long.class, (line, out) -> {
                    Gate.open().await();
                    out.emit(line, 1L);
                })
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
    }

    private static <K, V> List<Pair<K, V>> records(JobHandle<K, V> job) throws InterruptedException {
        try (Stream<Pair<K, V>> records = job.await().records()) {
            return records.toList();
        }
    }

    /** What functions of a job wait for; static, for they work on copies of all they capture. */
    private static final class Gate {
        static final AtomicReference<CountDownLatch> OPEN = new AtomicReference<>(new CountDownLatch(1));

        static CountDownLatch open() {
            return Objects.requireNonNull(OPEN.get(), "the gate");
        }

        static void reset() {
            OPEN.set(new CountDownLatch(1));
        }
    }
}
