package dev.sampo;

import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.everythingIn;
import static dev.sampo.EngineFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.Combiners;
import dev.sampo.api.Emitter;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.PairMapper;
import dev.sampo.api.Reducer;
import dev.sampo.api.Reducers;
import dev.sampo.api.StageCounters;
import dev.sampo.api.Values;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One job with several shuffles. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChainedJobTest {
    private static final int TOP = 100;

    private final Sampo engine = engine("sampo.slots = 3");

    @TempDir
    Path folder;

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    /** Takes the first hundred of what comes to it in descending order of counts. */
    private static final class TopReducer implements Reducer<Long, String, String, Long> {
        private static final long serialVersionUID = 1;

        private int taken;

        @Override
        public void reduce(Long negated, Values<String> words, Emitter<String, Long> out) {
            for (String word : words) {
                if (taken < TOP) {
                    out.emit(word, -negated);
                    taken++;
                }
            }
        }
    }

    @Test
    void countsWordsAndTakesTheTopHundredWithNoFilesBetween() throws Exception {
        Random random = new Random(11);
        Map<String, Long> counts = new HashMap<>();
        List<String> texts = new ArrayList<>();
        for (int line = 0; line < 2_000; line++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                String word = "w" + (int) (Math.pow(random.nextDouble(), 3) * 1_000);
                counts.merge(word, 1L, Long::sum);
                text.append(word).append(' ');
            }
            texts.add(text.toString());
        }
        List<String> expected = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(TOP)
                .map(entry -> entry.getKey() + "\t" + entry.getValue())
                .toList();
        Path output = folder.resolve("top");

        JobSpec<String, Long> job = JobSpec.named("top-words")
                .read(MemoryInput.of(Codecs.STRING, texts))
                .map(String.class, Long.class, (text, out) -> {
                    for (String word : text.split(" ")) {
                        out.emit(word, 1L);
                    }
                })
                .combine(Combiners.sumLong())
                .partitions(4)
                .reduce(String.class, Long.class, Reducers.sumLong())
                .map(Long.class, String.class, (word, count, out) -> out.emit(-count, word))
                .partitions(1)
                .sortValuesBy(String.class, word -> word)
                .reduce(String.class, Long.class, new TopReducer())
                .writeTo(TextOutput.to(output))
                .withSplitBytes(20_000);
        try (JobResult<String, Long> result = engine.submit(job).await()) {
            assertThat(result.counters().stages())
                    .extracting(StageCounters::stage)
                    .containsSubsequence("map", "reduce-1", "reduce-2");
            StageCounters first = result.counters().stage("reduce-1");
            StageCounters second = result.counters().stage("reduce-2");
            assertThat(first.tasks()).isEqualTo(4);
            assertThat(first.recordsOut()).isEqualTo(counts.size());
            assertThat(second.tasks()).isEqualTo(1);
            assertThat(second.recordsIn()).isEqualTo(counts.size());
            assertThat(second.recordsOut()).isEqualTo(TOP);
        }
        assertThat(lines(output)).isEqualTo(expected);
        assertThat(everythingIn(output)).containsExactly("_SUCCESS", "part-00000");
    }

    /** Counts what comes to it, and says so when it is closed. */
    private static final class CountingMapper implements PairMapper<Long, Long, String, Long> {
        private static final long serialVersionUID = 1;

        private final String name;
        private long seen;

        CountingMapper(String name) {
            this.name = name;
        }

        @Override
        public void map(Long key, Long value, Emitter<String, Long> out) {
            seen++;
            out.emit(name, value);
        }

        @Override
        public void close(Emitter<String, Long> out) {
            out.emit(name + " at the end", seen);
        }
    }

    @Test
    void threeShufflesWithAFailingMiddleCountExactly() throws Exception {
        List<Long> numbers = new Random(3).longs(300, 0, 50).boxed().toList();
        JobSpec<String, Long> job = JobSpec.named("three")
                .read(MemoryInput.of(Codecs.LONG, numbers))
                .map(Long.class, Long.class, (n, out) -> out.emit(n, 1L))
                .partitions(3)
                .reduce(Long.class, Long.class, Reducers.sumLong())
                .map(Long.class, Long.class, (n, count, out) -> {
                    out.context().counter("between").increment();
                    out.emit(count, n);
                })
                .partitions(2)
                .reduce(Long.class, Long.class, (count, values, out) -> {
                    if (out.context().attemptNumber() == 0) {
                        throw new IllegalStateException("the first attempt of every task in the middle");
                    }
                    out.emit(count, values.stream().count());
                })
                .map(String.class, Long.class, new CountingMapper("sizes"))
                .partitions(1)
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect()
                .withSplitBytes(500);
        try (JobResult<String, Long> result = engine.submit(job).await();
                var records = result.records()) {
            long distinct = numbers.stream().distinct().count();
            Map<Long, Long> sizes = new HashMap<>();
            numbers.forEach(n -> sizes.merge(n, 1L, Long::sum));
            long groups = sizes.values().stream().distinct().count();
            assertThat(records.map(pair -> pair.first() + " " + pair.second()))
                    .containsExactly("sizes " + distinct, "sizes at the end " + groups);
            assertThat(result.counters().get("between")).isEqualTo(distinct);
            assertThat(result.counters().stage("reduce-2").failedAttempts()).isEqualTo(2);
        }
    }
}
