package dev.sampo;

import static dev.sampo.EngineFixture.collect;
import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.everythingIn;
import static dev.sampo.EngineFixture.failureOf;
import static dev.sampo.EngineFixture.lines;
import static dev.sampo.EngineFixture.stage;
import static dev.sampo.NumbersJob.numbers;
import static dev.sampo.NumbersJob.oneSplit;
import static dev.sampo.NumbersJob.waitingFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.api.Emitter;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.JobState;
import dev.sampo.api.Mapper;
import dev.sampo.api.Pair;
import dev.sampo.api.PairMapper;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** User code that throws, hangs, or is canceled: it fails its attempt, then its job, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UserCodeFailureTest {
    private final Sampo engine = engine("sampo.slots = 2");

    @TempDir
    Path folder;

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    /** What user code may throw. */
    private enum Thrown {
        CHECKED(ErrorCode.USER_CODE_FAILED, "java.io.IOException: of the user") {
            @Override
            void happen() throws IOException {
                throw new IOException("of the user");
            }
        },
        RUNTIME(ErrorCode.USER_CODE_FAILED, "java.lang.IllegalStateException: of the user") {
            @Override
            void happen() {
                throw new IllegalStateException("of the user");
            }
        },
        ASSERTION(ErrorCode.USER_CODE_FAILED, "java.lang.AssertionError: of the user") {
            @Override
            void happen() {
                throw new AssertionError("of the user");
            }
        },
        STACK(ErrorCode.USER_CODE_FAILED, "java.lang.StackOverflowError") {
            @Override
            void happen() {
                assertThat(depth(1)).isPositive();
            }

            private long depth(long depth) {
                return depth < 0 ? depth : depth(depth + 1) + 1;
            }
        },
        NO_CLASS(ErrorCode.USER_CODE_FAILED, "java.lang.NoClassDefFoundError: com/example/Missing") {
            @Override
            void happen() {
                throw new NoClassDefFoundError("com/example/Missing");
            }
        },
        HUGE_ARRAY(ErrorCode.OUT_OF_MEMORY, "java.lang.OutOfMemoryError") {
            @Override
            void happen() {
                assertThat(new long[Integer.MAX_VALUE]).isEmpty();
            }
        };

        private final ErrorCode code;
        private final String message;

        Thrown(ErrorCode code, String message) {
            this.code = code;
            this.message = message;
        }

        abstract void happen() throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void whateverAMapperThrowsFailsItsAttemptsOnlyAndIsTriedFourTimes(Thrown thrown) throws Exception {
        try (Shared shared = new Shared()) {
            JobHandle<Long, Long> other = engine.submit(waitingFor(shared, "the failing job has failed"));
            shared.await("reached");
            JobHandle<Long, Long> failing = engine.submit(numbers(3, (n, out) -> {
                out.context().counter("seen").increment();
                shared.note("attempt " + out.context().attemptNumber() + " of "
                        + out.context().taskIndex());
                if (n == 1) {
                    thrown.happen();
                }
                out.emit(n, n);
            }));

            assertThat(failureOf(failing, thrown.code))
                    .contains(thrown.message)
                    .contains("[map task 1 of job numbers, ")
                    .contains("4 failures (limit 4)")
                    .contains("last attempt 3 on node")
                    .contains("(at memory, offset 1)");
            assertThat(failing.state()).isEqualTo(JobState.FAILED);
            assertThat(stage(failing, "map").failedAttempts()).isEqualTo(4);
            assertThat(shared.events().stream().filter(event -> event.endsWith(" of 1")))
                    .containsExactly("attempt 0 of 1", "attempt 1 of 1", "attempt 2 of 1", "attempt 3 of 1");
            shared.open("the failing job has failed");
            other.await().close();
            assertThat(stage(other, "map").failedAttempts()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverAReducerThrowsIsForgottenWhenItsThirdAttemptSucceeds(Thrown thrown) throws Exception {
        JobSpec<Long, Long> job = JobSpec.named("reducer")
                .read(MemoryInput.of(Codecs.LONG, List.of(1L, 2L, 3L)))
                .map(Long.class, Long.class, (n, out) -> out.emit(n, n))
                .partitions(1)
                .reduce(Long.class, Long.class, (key, values, out) -> {
                    out.context().counter("keys").increment();
                    if (key == 2 && out.context().attemptNumber() < 2) {
                        thrown.happen();
                    }
                    out.emit(key, key);
                })
                .writeTo(TextOutput.to(folder.resolve(thrown.name())));
        JobHandle<Long, Long> handle = engine.submit(job);
        handle.await().close();

        assertThat(stage(handle, "reduce-1").failedAttempts()).isEqualTo(2);
        assertThat(stage(handle, "reduce-1").attempts()).isEqualTo(3);
        assertThat(handle.counters().get("keys")).isEqualTo(3);
        assertThat(everythingIn(folder.resolve(thrown.name()))).containsExactly("_SUCCESS", "part-00000");
        assertThat(lines(folder.resolve(thrown.name()))).containsExactly("1\t1", "2\t2", "3\t3");
    }

    @Test
    void theMessageNamesCauseTaskFileAndPosition() throws Exception {
        Path file = Files.writeString(folder.resolve("numbers.txt"), "12\n7\nseven\n8\n");
        JobSpec<Long, Long> job = JobSpec.named("parse")
                .read(TextInput.from(file).asStrings())
                .map(Long.class, Long.class, (line, out) -> out.emit(Long.valueOf(line), 1L))
                .reduce(Long.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(folder.resolve("out")))
                .withMaxAttempts(1);
        JobHandle<Long, Long> handle = engine.submit(job);
        SampoException failure = failureOf(handle);

        assertThat(failure.code()).isEqualTo(ErrorCode.USER_CODE_FAILED);
        assertThat(failure)
                .hasMessageContaining(handle.id())
                .hasMessageContaining("map task 0 of job parse")
                .hasMessageContaining("1 failure (limit 1)")
                .hasMessageContaining("java.lang.NumberFormatException: For input string: \"seven\"")
                .hasMessageContaining(file + ", offset 5")
                .cause()
                .hasMessageContaining("java.lang.Long.valueOf");
        assertThat(stage(handle, "map").attempts()).isEqualTo(1);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aFailedReducerNamesTheKeyItWasAt() {
        JobSpec<Long, Long> job = JobSpec.named("reducer")
                .read(MemoryInput.of(Codecs.LONG, List.of(1L, 2L, 3L)))
                .map(Long.class, Long.class, (n, out) -> out.emit(n, n))
                .partitions(1)
                .<Long, Long>reduce(Long.class, Long.class, (key, values, out) -> {
                    if (key == 3) {
                        throw new IllegalStateException("three");
                    }
                })
                .collect()
                .withMaxAttempts(2);
        JobHandle<Long, Long> handle = engine.submit(job);

        assertThat(failureOf(handle, ErrorCode.USER_CODE_FAILED))
                .contains("reduce-1 task 0 of job reducer", "2 failures (limit 2)", "three")
                .contains("(at partition 0 of reduce-1, offset 2)");
    }

    /** Fails in one of its three calls. */
    private record FailingMapper(String where) implements Mapper<Long, Long, Long> {
        @Override
        public void open(dev.sampo.api.TaskContext context) throws IOException {
            failAt("open");
        }

        @Override
        public void map(Long record, Emitter<Long, Long> out) throws IOException {
            failAt("map");
        }

        @Override
        public void close(Emitter<Long, Long> out) throws IOException {
            failAt("close");
        }

        private void failAt(String place) throws IOException {
            if (where.equals(place)) {
                throw new IOException("in " + place);
            }
        }
    }

    @Test
    void setUpAndCloseFailAnAttemptToo() {
        for (String where : List.of("open", "map", "close")) {
            JobHandle<Long, Long> handle = engine.submit(numbers(1, new FailingMapper(where)));
            assertThat(failureOf(handle, ErrorCode.USER_CODE_FAILED)).contains("java.io.IOException: in " + where);
            assertThat(stage(handle, "map").failedAttempts()).isEqualTo(4);
        }
    }

    @Test
    void anExceptionOfTheMapperBetweenTwoShufflesIsTheUsers() {
        PairMapper<Long, Long, Long, Long> mapper = (key, value, out) -> {
            throw new IOException("between");
        };
        JobSpec<Long, Long> job = JobSpec.named("chain")
                .read(MemoryInput.of(Codecs.LONG, List.of(1L)))
                .map(Long.class, Long.class, (n, out) -> out.emit(n, n))
                .reduce(Long.class, Long.class, Reducers.identity())
                .map(Long.class, Long.class, mapper)
                .reduce(Long.class, Long.class, Reducers.identity())
                .collect();
        JobHandle<Long, Long> handle = engine.submit(job);
        assertThat(failureOf(handle, ErrorCode.USER_CODE_FAILED))
                .contains("reduce-1 task", "java.io.IOException: between");
        assertThat(stage(handle, "reduce-1").failedAttempts()).isEqualTo(4);
    }

    @Test
    void nullIsRefusedAlsoWhenTheMapperSwallowsTheException() {
        JobSpec<Long, Long> honest = numbers(3, (n, out) -> out.emit(n, n == 1 ? nothing() : n));
        assertThat(failureOf(engine.submit(honest), ErrorCode.NULL_EMITTED))
                .contains("null as value of key 1", "expected neither to be null", "memory, offset 1");

        JobSpec<Long, Long> swallowing = oneSplit(3, (n, out) -> {
            try {
                out.emit(n == 1 ? nothing() : n, n);
            } catch (RuntimeException ignored) {
                out.context().counter("swallowed").increment();
            }
        });
        JobHandle<Long, Long> handle = engine.submit(swallowing);
        assertThat(failureOf(handle, ErrorCode.NULL_EMITTED)).contains("null as key", "memory, offset 1");
        assertThat(stage(handle, "map").failedAttempts()).isEqualTo(4);
    }

    @SuppressWarnings("NullAway") // what the types forbid is what is tested
    private static Long nothing() {
        return null;
    }

    @Test
    void aPartitionerThatReturnsNoPartitionIsRefused() {
        for (int wrong : new int[] {-1, 4, Integer.MIN_VALUE}) {
            JobSpec<Long, Long> job = JobSpec.named("partitioner")
                    .read(MemoryInput.of(Codecs.LONG, List.of(5L, 6L)))
                    .map(Long.class, Long.class, (n, out) -> out.emit(n, n))
                    .partitions(4)
                    .partitionBy((key, partitions) -> key == 6 ? wrong : 0)
                    .reduce(Long.class, Long.class, Reducers.identity())
                    .collect();
            JobHandle<Long, Long> handle = engine.submit(job);
            assertThat(failureOf(handle, ErrorCode.PARTITION_OUT_OF_RANGE))
                    .contains("returned " + wrong + " for key 6; expected 0 to 3", "memory, offset 1");
            assertThat(stage(handle, "map").failedAttempts()).isEqualTo(4);
        }
    }

    @Test
    void aStringThatIsNotUnicodeCannotBeEncoded() {
        JobSpec<String, Long> job = JobSpec.named("surrogate")
                .read(MemoryInput.of(Codecs.LONG, List.of(0L, 1L)))
                .map(String.class, Long.class, (n, out) -> out.emit(n == 1 ? "half \uD83D of a pair" : "whole", n))
                .reduce(String.class, Long.class, Reducers.identity())
                .collect();
        assertThat(failureOf(engine.submit(job), ErrorCode.CODEC_CANNOT_ENCODE)).contains("memory, offset 1");
    }

    @Test
    void aClassWithoutACodecIsRefusedAtSubmit() {
        assertThatThrownBy(() -> engine.submit(JobSpec.named("no-codec")
                        .read(MemoryInput.of(Codecs.LONG, List.of(1L)))
                        .map(Thread.class, Long.class, (n, out) -> out.emit(Thread.currentThread(), n))
                        .reduce(Long.class, Long.class, (key, values, out) -> out.emit(1L, 1L))
                        .collect()))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CODEC_UNKNOWN))
                .hasMessageContaining("java.lang.Thread");
    }

    /** Not serializable, for it lacks the interface. */
    private static final class Connection {
        long next() {
            return 1;
        }
    }

    /** Serializable by its interface, but not by its field. */
    private static final class ConnectedMapper implements Mapper<Long, Long, Long> {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // what is tested
        private final Connection connection = new Connection();

        @Override
        public void map(Long record, Emitter<Long, Long> out) {
            out.emit(record, connection.next());
        }
    }

    @Test
    void aFunctionThatCannotBeSerializedNamesTheClass() {
        Connection captured = new Connection();
        for (Mapper<Long, Long, Long> mapper :
                List.<Mapper<Long, Long, Long>>of(new ConnectedMapper(), (n, out) -> out.emit(n, captured.next()))) {
            assertThatThrownBy(() -> engine.submit(numbers(1, mapper)))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_NOT_SERIALIZABLE))
                    .hasMessageContaining(Connection.class.getName())
                    .hasMessageContaining("not Serializable");
        }
    }

    /** Serializable, but cannot be read back. */
    private static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1;

        private Object readResolve() {
            throw new IllegalStateException("cannot be read back");
        }
    }

    @Test
    void aFunctionThatCannotBeReadBackFailsTheJobAtOnce() {
        Unreadable unreadable = new Unreadable();
        JobHandle<Long, Long> handle = engine.submit(numbers(1, (n, out) -> out.emit(n, (long) unreadable.hashCode())));
        assertThat(failureOf(handle, ErrorCode.JOB_NOT_SERIALIZABLE)).contains("cannot be read back");
    }

    @Test
    void theEngineStillWorksAfterAllOfThat() throws Exception {
        assertThat(collect(engine, numbers(3, (n, out) -> out.emit(n, n))))
                .containsExactly(Pair.of(0L, 0L), Pair.of(1L, 1L), Pair.of(2L, 2L));
    }
}
