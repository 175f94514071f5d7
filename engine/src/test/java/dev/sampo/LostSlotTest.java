package dev.sampo;

import static dev.sampo.EngineFixture.collect;
import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.failureOf;
import static dev.sampo.EngineFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts that ignore their interrupt cost their slots. */
class LostSlotTest {
    @TempDir
    Path folder;

    private static JobSpec<Long, Long> job(int count, Path output, Mapper<Long, Long, Long> mapper) {
        return JobSpec.named("numbers")
                .read(MemoryInput.of(
                        Codecs.LONG, LongStream.range(0, count).boxed().toList()))
                .map(Long.class, Long.class, mapper)
                .partitions(1)
                .reduce(Long.class, Long.class, Reducers.identity())
                .writeTo(TextOutput.to(output))
                .withSplitBytes(1);
    }

    @Test
    void withOneSlotLostTheOtherGoesOn() throws Exception {
        try (Shared shared = new Shared();
                Sampo engine = engine("sampo.slots = 2")) {
            collect(engine, NumbersJob.numbers(2, (n, out) -> out.emit(n, n))); // warm: the time limits are short
            JobSpec<Long, Long> stuck = job(1, folder.resolve("stuck"), (n, out) -> {
                        shared.open("stuck");
                        shared.awaitStubbornly("end of the test");
                    })
                    .withAttemptTimeLimit(Duration.ofSeconds(1))
                    .withMaxAttempts(1);
            JobHandle<Long, Long> failing = engine.submit(stuck);
            assertThat(failureOf(failing, ErrorCode.ATTEMPT_TIMED_OUT)).contains("time limit of 1000 ms");
            assertThat(shared.events()).contains("ignored an interrupt at end of the test");
            assertThat(folder.resolve("stuck")).doesNotExist();

            JobHandle<Long, Long> other = engine.submit(job(20, folder.resolve("other"), (n, out) -> {
                shared.note("begin");
                out.emit(n, n);
                shared.note("end");
            }));
            other.await().close();
            assertThat(stage(other, "map").attempts()).isEqualTo(20);
            assertThat(shared.events().stream().filter(event -> event.equals("begin") || event.equals("end")))
                    .as("one at a time")
                    .containsSubsequence("begin", "end", "begin", "end")
                    .doesNotContainSequence("begin", "begin");
            shared.open("end of the test");
        }
    }

    @Test
    void aCanceledAttemptThatIgnoresItsInterruptCostsItsSlotAndTheJobEndsAllTheSame() throws Exception {
        try (Shared shared = new Shared();
                Sampo engine = engine("sampo.slots = 2")) {
            collect(engine, NumbersJob.numbers(2, (n, out) -> out.emit(n, n))); // warm: the time limits are short
            JobHandle<Long, Long> stuck = engine.submit(job(1, folder.resolve("stuck"), (n, out) -> {
                shared.open("stuck");
                shared.awaitStubbornly("end of the test");
                out.emit(n, n);
            }));
            shared.await("stuck");
            stuck.cancel();
            failureOf(stuck, ErrorCode.JOB_CANCELED);
            assertThat(folder.resolve("stuck")).doesNotExist();
            engine.submit(job(5, folder.resolve("other"), (n, out) -> out.emit(n, n)))
                    .await()
                    .close();
            shared.open("end of the test");
        }
    }

    @Test
    void withEverySlotLostJobsFailInsteadOfWaiting() throws Exception {
        try (Shared shared = new Shared();
                Sampo engine = engine("sampo.slots = 2")) {
            collect(engine, NumbersJob.numbers(2, (n, out) -> out.emit(n, n))); // warm: the time limits are short
            JobSpec<Long, Long> stuck = job(2, folder.resolve("stuck"), (n, out) -> {
                        shared.note("stuck");
                        shared.awaitStubbornly("end of the test");
                    })
                    .withAttemptTimeLimit(Duration.ofMillis(300));
            JobHandle<Long, Long> failing = engine.submit(stuck);
            JobHandle<Long, Long> waiting = engine.submit(job(1, folder.resolve("waiting"), (n, out) -> {
                shared.note("stuck");
                shared.awaitStubbornly("end of the test");
            }));
            waiting.cancel();
            failureOf(waiting);
            assertThat(failureOf(failing, ErrorCode.NO_SLOTS)).contains("every slot of every node");
            assertThat(shared.count("stuck")).isEqualTo(2);

            JobHandle<Long, Long> late = engine.submit(job(1, folder.resolve("late"), (n, out) -> out.emit(n, n)));
            failureOf(late, ErrorCode.NO_SLOTS);
            assertThat(folder.resolve("late")).doesNotExist();
            assertThat(folder.resolve("stuck")).doesNotExist();
            shared.open("end of the test");
        }
    }
}
