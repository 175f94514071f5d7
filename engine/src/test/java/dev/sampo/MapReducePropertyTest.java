package dev.sampo;

import static dev.sampo.EngineFixture.engine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.Emitter;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Pair;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Whole jobs against grouping in memory; jqwik prints the seed of what fails. */
class MapReducePropertyTest {
    private static @Nullable Sampo engine;
    private static long spills;

    @BeforeContainer
    static void startEngine() {
        engine = engine(
                "sampo.slots = 2",
                "sampo.memory = 1m",
                "sampo.shuffle.merge-fan-in = 2",
                "sampo.shuffle.block-size = 4k");
    }

    @AfterContainer
    static void closeEngine() {
        if (engine != null) {
            engine.close();
        }
        assertThat(spills).as("spills of all jobs").isPositive();
    }

    /** Emits for a number what a random generator of that seed says: few or many records, long and short, keys of all kinds. */
    private record RandomMapper(int keys, int longest, boolean skewed) implements Mapper<Long, String, byte[]> {
        @Override
        public void map(Long seed, Emitter<String, byte[]> out) {
            for (Pair<String, byte[]> record : records(seed)) {
                out.emit(record.first(), record.second());
            }
        }

        List<Pair<String, byte[]>> records(long seed) {
            Random random = new Random(seed);
            List<Pair<String, byte[]>> records = new ArrayList<>();
            int count = random.nextInt(4) == 0 ? 0 : random.nextInt(120);
            for (int i = 0; i < count; i++) {
                byte[] value = new byte[random.nextInt(longest + 1)];
                random.nextBytes(value);
                records.add(Pair.of(key(random), value));
            }
            return records;
        }

        private String key(Random random) {
            int number = skewed && random.nextInt(3) > 0 ? 0 : random.nextInt(keys);
            return switch (number % 5) {
                case 0 -> "";
                case 1 -> "\u0000" + number;
                case 2 -> "k" + "\u0000".repeat(number % 7);
                case 3 -> "\uD83D\uDE00é" + number;
                default -> "key " + number;
            };
        }
    }

    @Property(tries = 25)
    void aJobGroupsAsMemoryDoes(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 150) int records,
            @ForAll @IntRange(min = 1, max = 300) int keys,
            @ForAll @IntRange(min = 0, max = 2_000) int longest,
            @ForAll @IntRange(min = 1, max = 5) int partitions,
            @ForAll @IntRange(min = 1, max = 2_000) int splitBytes,
            @ForAll boolean skewed)
            throws InterruptedException {
        RandomMapper mapper = new RandomMapper(keys, longest, skewed);
        List<Long> seeds = LongStream.range(seed, seed + records).boxed().toList();
        Map<String, Integer> expected = new HashMap<>();
        long emitted = 0;
        for (long each : seeds) {
            for (Pair<String, byte[]> record : mapper.records(each)) {
                expected.merge(record.first(), Arrays.hashCode(record.second()), (sum, hash) -> 31 * sum + hash);
                emitted++;
            }
        }

        JobSpec<String, Integer> job = JobSpec.named("property")
                .read(MemoryInput.of(Codecs.LONG, seeds))
                .map(String.class, byte[].class, mapper)
                .partitions(partitions)
                .reduce(String.class, Integer.class, (key, values, out) -> {
                    var each = values.iterator();
                    int folded = Arrays.hashCode(each.next());
                    while (each.hasNext()) {
                        folded = 31 * folded + Arrays.hashCode(each.next());
                    }
                    out.emit(key, folded);
                })
                .collect()
                .withSplitBytes(splitBytes);
        try (JobResult<String, Integer> result =
                        Objects.requireNonNull(engine).submit(job).await();
                var stream = result.records()) {
            Map<String, Integer> actual = new HashMap<>();
            stream.forEach(pair -> assertThat(actual.put(pair.first(), pair.second()))
                    .as("key %s twice", Arrays.toString(pair.first().getBytes(StandardCharsets.UTF_8)))
                    .isNull());
            assertThat(actual).isEqualTo(expected);
            assertThat(result.counters().stage("map").recordsOut()).isEqualTo(emitted);
            assertThat(result.counters().stage("reduce-1").recordsIn()).isEqualTo(emitted);
            spills += result.counters().stage("map").spills()
                    + result.counters().stage("reduce-1").spills();
        }
    }
}
