package dev.sampo;

import static dev.sampo.EngineFixture.collect;
import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.failureOf;
import static dev.sampo.EngineFixture.stage;
import static dev.sampo.NumbersJob.numbers;
import static dev.sampo.NumbersJob.waitingFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.JobState;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Time limits, cancels, and jobs that share the slots of one engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobControlTest {
    private final Sampo engine = engine("sampo.slots = 2", "sampo.task.interrupt-grace = 10s");

    @TempDir
    Path folder;

    /** So that time limits are about the functions and not about a cold JVM. */
    @BeforeAll
    void warmUp() throws Exception {
        collect(engine, numbers(2, (n, out) -> out.emit(n, n)));
    }

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    @Test
    void anAttemptThatExceedsItsTimeLimitIsInterruptedAndTriedAgain() throws Exception {
        try (Shared shared = new Shared()) {
            JobSpec<Long, Long> job = numbers(1, (n, out) -> {
                        if (out.context().attemptNumber() < 2) {
                            try {
                                shared.await("never");
                            } catch (InterruptedException e) {
                                shared.note("interrupted");
                                throw e;
                            }
                        }
                        out.emit(n, n);
                    })
                    .withAttemptTimeLimit(Duration.ofMillis(300));
            JobHandle<Long, Long> handle = engine.submit(job);
            handle.await().close();

            assertThat(shared.count("interrupted")).isEqualTo(2);
            assertThat(stage(handle, "map").attempts()).isEqualTo(3);
            assertThat(stage(handle, "map").failedAttempts()).isEqualTo(2);
        }
    }

    @Test
    void aJobWhoseAttemptsAllExceedTheirTimeLimitFailsForThatReason() {
        try (Shared shared = new Shared()) {
            JobSpec<Long, Long> job = numbers(1, (n, out) -> shared.await("never"))
                    .withAttemptTimeLimit(Duration.ofMillis(500))
                    .withMaxAttempts(2);
            JobHandle<Long, Long> handle = engine.submit(job);

            assertThat(failureOf(handle, ErrorCode.ATTEMPT_TIMED_OUT))
                    .contains("map task 0", "2 failures (limit 2)", "time limit of 500 ms");
            assertThat(stage(handle, "map").failedAttempts()).isEqualTo(2);
        }
    }

    @Test
    void aBusyMapperThatIsCanceledEndsAtItsNextRecordAndGivesItsSlotBack() throws Exception {
        try (Shared shared = new Shared();
                Sampo small = engine("sampo.slots = 1", "sampo.task.interrupt-grace = 2s")) {
            JobHandle<Long, Long> busy = small.submit(NumbersJob.oneSplit(100_000, (n, out) -> {
                long state = n;
                for (int i = 0; i < 5_000_000; i++) {
                    state = state * 6364136223846793005L + 1442695040888963407L;
                }
                out.emit(n, state);
                shared.open("busy");
            }));
            shared.await("busy");
            busy.cancel();

            failureOf(busy, ErrorCode.JOB_CANCELED);
            assertThat(collect(small, numbers(2, (n, out) -> out.emit(n, n)))).hasSize(2);
        }
    }

    @Test
    void whatHangsOnAResultMaySubmitTheNextJobAndWaitForIt() throws Exception {
        int records = engine.submit(numbers(1, (n, out) -> out.emit(n, n)))
                .result()
                .thenApply(first -> {
                    try {
                        return collect(engine, numbers(3, (n, out) -> out.emit(n, n)))
                                .size();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(records).isEqualTo(3);
    }

    @Test
    void aCanceledJobEndsAtOnceAndLeavesNothing() throws Exception {
        Path output = folder.resolve("canceled");
        try (Shared shared = new Shared()) {
            JobSpec<Long, Long> job = JobSpec.named("canceled")
                    .read(MemoryInput.of(Codecs.LONG, List.of(1L, 2L)))
                    .map(Long.class, Long.class, (n, out) -> out.emit(n, n))
                    .partitions(2)
                    .partitionBy((key, partitions) -> (int) (key % 2))
                    .<Long, Long>reduce(Long.class, Long.class, (key, values, out) -> {
                        out.emit(key, key);
                        if (key == 1) {
                            shared.open("reducing");
                            shared.await("never");
                        }
                    })
                    .writeTo(TextOutput.to(output));
            JobHandle<Long, Long> handle = engine.submit(job);
            shared.await("reducing");
            assertThat(output.resolve("_temporary")).exists();
            handle.cancel();
            handle.cancel();

            failureOf(handle, ErrorCode.JOB_CANCELED);
            assertThat(handle.state()).isEqualTo(JobState.CANCELED);
            assertThat(output).doesNotExist();
            handle.cancel();
            assertThat(handle.state()).isEqualTo(JobState.CANCELED);
        }
        assertThat(collect(engine, numbers(2, (n, out) -> out.emit(n, n)))).hasSize(2);
    }

    @Test
    void aJobThatIsCanceledBeforeItStartsNeverStarts() throws Exception {
        try (Shared shared = new Shared()) {
            JobHandle<Long, Long> first = engine.submit(waitingFor(shared, "go"));
            JobHandle<Long, Long> second = engine.submit(waitingFor(shared, "go"));
            shared.await("reached");
            JobHandle<Long, Long> handle = engine.submit(numbers(1, (n, out) -> shared.note("started")));
            handle.cancel();

            failureOf(handle, ErrorCode.JOB_CANCELED);
            assertThat(shared.count("started")).isZero();
            shared.open("go");
            first.await().close();
            second.await().close();
        }
    }

    @Test
    void cancelingAJobThatHasSucceededChangesNothing() throws Exception {
        JobHandle<Long, Long> handle = engine.submit(numbers(2, (n, out) -> out.emit(n, n)));
        handle.await().close();
        handle.cancel();
        handle.await().close();
        assertThat(handle.state()).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aSmallJobBehindALargeOneGetsTheSlotOfTheFirstTaskThatEnds() throws Exception {
        try (Shared shared = new Shared()) {
            JobHandle<Long, Long> large = engine.submit(numbers(40, (n, out) -> {
                shared.note("large");
                shared.open("task " + n + " runs");
                shared.await(n == 0 ? "one task ends" : "all others end");
                out.emit(n, n);
            }));
            shared.await("task 0 runs");
            shared.await("task 1 runs");
            JobHandle<Long, Long> small = engine.submit(numbers(5, (n, out) -> {
                shared.note("small");
                out.emit(n, n);
            }));
            await().until(() -> !small.progress().stages().isEmpty()); // it waits for a slot now
            shared.open("one task ends");
            small.await().close();

            assertThat(shared.count("small")).isEqualTo(5);
            assertThat(shared.events().subList(0, 7))
                    .containsExactly("large", "large", "small", "small", "small", "small", "small");
            shared.open("all others end");
            large.await().close();
            assertThat(shared.count("large")).isEqualTo(40);
        }
    }
}
