package dev.sampo;

import static dev.sampo.EngineFixture.collect;
import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.lines;
import static dev.sampo.EngineFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.Combiner;
import dev.sampo.api.Counters;
import dev.sampo.api.Emitter;
import dev.sampo.api.FixedWidthCombiner;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducer;
import dev.sampo.api.Reducers;
import dev.sampo.api.TaskContext;
import dev.sampo.api.Values;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a job can be made of, each run by one embedded engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedEngineTest {
    private final Sampo engine = engine("sampo.slots = 2");

    @TempDir
    Path folder;

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    @Test
    void lambdasAreFunctions() throws Exception {
        long factor = 10;
        JobSpec<String, Long> job = JobSpec.named("lambdas")
                .read(MemoryInput.of(Codecs.STRING, List.of("b a", "a c a")))
                .map(String.class, Long.class, (line, out) -> {
                    for (String word : line.split(" ")) {
                        out.emit(word, factor);
                    }
                })
                .reduce(String.class, Long.class, (word, values, out) -> {
                    long sum = 0;
                    for (long value : values) {
                        sum += value;
                    }
                    out.emit(word, sum);
                })
                .collect();

        assertThat(collect(engine, job))
                .containsExactlyInAnyOrder(Pair.of("a", 30L), Pair.of("b", 10L), Pair.of("c", 10L));
    }

    /** A mapper with set-up, close, and a field that a second attempt must not see. */
    private static final class CountingMapper implements Mapper<Long, String, Long> {
        private static final long serialVersionUID = 1;

        private final Shared shared;
        private long seen;
        private boolean open;

        CountingMapper(Shared shared) {
            this.shared = shared;
        }

        @Override
        public void open(TaskContext context) {
            shared.note("open " + context.stageName() + " " + context.taskIndex() + " of " + context.taskCount());
            open = true;
        }

        @Override
        public void map(Long record, Emitter<String, Long> out) {
            assertThat(open).isTrue();
            seen++;
        }

        @Override
        public void close(Emitter<String, Long> out) {
            shared.note("close");
            out.emit("seen", seen);
        }
    }

    /** A reducer that emits only when it is closed. */
    private static final class ListingReducer implements Reducer<String, Long, String, String> {
        private static final long serialVersionUID = 1;

        private final ArrayList<Long> all = new ArrayList<>();

        @Override
        public void reduce(String key, Values<Long> values, Emitter<String, String> out) {
            values.stream().forEach(all::add);
        }

        @Override
        public void close(Emitter<String, String> out) {
            out.emit(out.context().jobName(), all.toString());
        }
    }

    @Test
    void classesAreFunctionsAndEveryAttemptHasItsOwnCopyWithSetUpAndClose() throws Exception {
        try (Shared shared = new Shared()) {
            CountingMapper mapper = new CountingMapper(shared);
            JobSpec<String, String> job = JobSpec.named("classes")
                    .read(MemoryInput.of(Codecs.LONG, List.of(1L, 2L, 3L, 4L, 5L)))
                    .map(String.class, Long.class, mapper)
                    .partitions(1)
                    .reduce(String.class, String.class, new ListingReducer())
                    .collect()
                    .withSplitBytes(18); // two records a split

            assertThat(collect(engine, job)).containsExactly(Pair.of("classes", "[2, 2, 1]"));
            assertThat(mapper.seen).as("of the object that was submitted").isZero();
            assertThat(shared.events())
                    .containsExactlyInAnyOrder(
                            "open map 0 of 3", "open map 1 of 3", "open map 2 of 3", "close", "close", "close");
        }
    }

    /** Emits running sums, and fails twice at the third record. */
    private static final class SummingMapper implements Mapper<Long, String, Long> {
        private static final long serialVersionUID = 1;

        private final Shared shared;
        private long sum;

        SummingMapper(Shared shared) {
            this.shared = shared;
        }

        @Override
        public void map(Long record, Emitter<String, Long> out) {
            sum += record;
            if (record == 3 && out.context().attemptNumber() < 2) {
                shared.note("failed with " + sum);
                throw new IllegalStateException("by chance");
            }
            out.emit("sum", sum);
        }
    }

    @Test
    void whatAnAttemptLeavesInAFieldIsNotSeenByTheNextAttempt() throws Exception {
        try (Shared shared = new Shared()) {
            JobSpec<String, Long> job = JobSpec.named("dirty")
                    .read(MemoryInput.of(Codecs.LONG, List.of(1L, 2L, 3L)))
                    .map(String.class, Long.class, new SummingMapper(shared))
                    .reduce(String.class, Long.class, Reducers.identity())
                    .collect();

            assertThat(collect(engine, job))
                    .containsExactly(Pair.of("sum", 1L), Pair.of("sum", 3L), Pair.of("sum", 6L));
            assertThat(shared.events()).containsExactly("failed with 6", "failed with 6");
        }
    }

    @Test
    void userCountersAreExactHoweverOftenAttemptsFail() throws Exception {
        List<Long> numbers = LongStream.range(0, 1_000).boxed().toList();
        JobSpec<Long, Long> job = JobSpec.named("counters")
                .read(MemoryInput.of(Codecs.LONG, numbers))
                .map(Long.class, Long.class, (number, out) -> {
                    out.context().counter("records").increment();
                    out.context().counter("sum").add(number);
                    if (number % 90 == 89 && out.context().attemptNumber() < number % 3) {
                        throw new IllegalStateException("after counting " + number);
                    }
                    out.emit(number % 10, number);
                })
                .partitions(3)
                .reduce(Long.class, Long.class, (key, values, out) -> {
                    out.context().counter("keys").increment();
                    if (key == 7 && out.context().attemptNumber() == 0) {
                        throw new IllegalStateException("after counting key " + key);
                    }
                    out.emit(key, values.stream().count());
                })
                .writeTo(TextOutput.to(folder.resolve("counters")))
                .withSplitBytes(900); // a hundred records a split
        Counters counters = run(engine, job);

        assertThat(counters.user()).containsOnlyKeys("records", "sum", "keys");
        assertThat(counters.get("records")).isEqualTo(1_000);
        assertThat(counters.get("sum")).isEqualTo(499_500);
        assertThat(counters.get("keys")).isEqualTo(10);
        assertThat(counters.get("never counted")).isZero();
        assertThat(counters.stage("map").failedAttempts()).isPositive();
        assertThat(counters.stage("map").attempts())
                .isEqualTo(counters.stage("map").tasks() + counters.stage("map").failedAttempts());
        assertThat(counters.stage("map").recordsIn()).isEqualTo(1_000);
        assertThat(counters.stage("reduce-1").failedAttempts()).isEqualTo(1);
        assertThat(lines(folder.resolve("counters"))).hasSize(10).allMatch(line -> line.endsWith("\t100"));
    }

    @Test
    void secondarySortOrdersTheValuesOfAKeyAndKeepsEqualOnesInTheirOrder() throws Exception {
        List<String> events = List.of("u1 30 a", "u2 5 b", "u1 10 c", "u1 30 d", "u2 -7 e", "u1 20 f", "u1 10 g");
        JobSpec<String, String> job = JobSpec.named("secondary-sort")
                .read(MemoryInput.of(Codecs.STRING, events))
                .map(String.class, String.class, (event, out) -> out.emit(event.split(" ")[0], event))
                .sortValuesBy(Integer.class, event -> Integer.valueOf(event.split(" ")[1]))
                .partitions(2)
                .reduce(
                        String.class,
                        String.class,
                        (user, values, out) ->
                                out.emit(user, String.join(", ", values.stream().toList())))
                .collect()
                .withSplitBytes(20);

        assertThat(collect(engine, job))
                .containsExactlyInAnyOrder(
                        Pair.of("u1", "u1 10 c, u1 10 g, u1 20 f, u1 30 a, u1 30 d"), Pair.of("u2", "u2 -7 e, u2 5 b"));
    }

    @Test
    void everyInputHasItsOwnMapperAndTheFirstComesFirst() throws Exception {
        Path users = Files.writeString(folder.resolve("users"), "1,Ann\n2,Bob\n3,Cid\n");
        JobSpec<Long, String> job = JobSpec.named("join")
                .read(TextInput.from(users).asStrings())
                .map(
                        Long.class,
                        String.class,
                        (line, out) -> out.emit(Long.valueOf(line.split(",")[0]), line.split(",")[1]))
                .alsoRead(
                        MemoryInput.of(
                                Codecs.pair(Codecs.LONG, Codecs.DOUBLE),
                                List.of(Pair.of(2L, 1.5), Pair.of(1L, 2.5), Pair.of(2L, 3.0))),
                        (order, out) -> out.emit(order.first(), String.valueOf(order.second())))
                .partitions(1)
                .reduce(
                        Long.class,
                        String.class,
                        (id, values, out) ->
                                out.emit(id, String.join(" ", values.stream().toList())))
                .collect();

        assertThat(collect(engine, job))
                .containsExactly(Pair.of(1L, "Ann 2.5"), Pair.of(2L, "Bob 1.5 3.0"), Pair.of(3L, "Cid"));
    }

    /** Keeps the bits of both; in place on the four bytes of {@code Codecs.INT}, whose sign bit is flipped. */
    private enum BitsFold implements FixedWidthCombiner<Integer> {
        OR;

        @Override
        public Integer combine(Integer left, Integer right) {
            return left | right;
        }

        @Override
        public int width() {
            return Integer.BYTES;
        }

        @Override
        public void fold(byte[] accumulator, int accumulatorOffset, byte[] value, int valueOffset) {
            accumulator[accumulatorOffset] =
                    (byte) (((accumulator[accumulatorOffset] ^ 0x80) | (value[valueOffset] ^ 0x80)) ^ 0x80);
            for (int i = 1; i < Integer.BYTES; i++) {
                accumulator[accumulatorOffset + i] |= value[valueOffset + i];
            }
        }
    }

    @Test
    void aFixedWidthFoldOfTheUsersOwnCombines() throws Exception {
        try (JobResult<String, Integer> result =
                        engine.submit(bits(BitsFold.OR)).await();
                Stream<Pair<String, Integer>> records = result.records()) {
            assertThat(records).containsExactlyInAnyOrder(Pair.of("even", 0x5555_5555), Pair.of("odd", 0xAAAA_AAAA));
            assertThat(result.counters().stage("map").combined()).isEqualTo(62);
            assertThat(result.counters().stage("map").recordsOut()).isEqualTo(2);
        }
    }

    @Test
    void aCombinerThatDecodesCombines() throws Exception {
        try (JobResult<String, Integer> result =
                        engine.submit(bits((left, right) -> left | right)).await();
                Stream<Pair<String, Integer>> records = result.records()) {
            assertThat(records).containsExactlyInAnyOrder(Pair.of("even", 0x5555_5555), Pair.of("odd", 0xAAAA_AAAA));
            assertThat(result.counters().stage("map").combined()).isEqualTo(62);
        }
    }

    private static JobSpec<String, Integer> bits(Combiner<Integer> combiner) {
        List<Integer> numbers = IntStream.range(0, 64).boxed().toList();
        return JobSpec.named("bits")
                .read(MemoryInput.of(Codecs.INT, numbers))
                .map(String.class, Integer.class, (n, out) -> out.emit(n % 2 == 0 ? "even" : "odd", 1 << (n % 32)))
                .combine(combiner)
                .partitions(2)
                .reduce(String.class, Integer.class, Reducers.combining(combiner))
                .collect();
    }

    /** Says that it sums, and in place does nothing. */
    private enum WrongFold implements FixedWidthCombiner<Long> {
        WRONG;

        @Override
        public Long combine(Long left, Long right) {
            return left + right;
        }

        @Override
        public int width() {
            return Long.BYTES;
        }

        @Override
        public void fold(byte[] accumulator, int accumulatorOffset, byte[] value, int valueOffset) {}
    }

    @Test
    void aFoldThatDisagreesWithItsCombineIsRefused() {
        JobSpec<String, Long> job = JobSpec.named("wrong-fold")
                .read(MemoryInput.of(Codecs.LONG, List.of(1L, 2L)))
                .map(String.class, Long.class, (n, out) -> out.emit("n", n))
                .combine(WrongFold.WRONG)
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();

        assertThat(EngineFixture.failureOf(engine.submit(job), ErrorCode.JOB_INVALID))
                .contains("WrongFold", "combine()");
    }
}
