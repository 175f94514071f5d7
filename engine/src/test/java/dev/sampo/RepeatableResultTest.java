package dev.sampo;

import static dev.sampo.EngineFixture.digests;
import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same job gives the same files, whatever the engine has to run it with. */
class RepeatableResultTest {
    private static final int LINES = 80_000;

    @TempDir
    Path folder;

    @BeforeEach
    void writeInput() throws Exception {
        Random random = new Random(5);
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("input"))) {
            for (int line = 0; line < LINES; line++) {
                byte[] filler = new byte[60];
                for (int i = 0; i < filler.length; i++) {
                    filler[i] = (byte) ('a' + random.nextInt(26));
                }
                out.write(random.nextInt(5_000) + " " + line + " ");
                out.write(new String(filler, java.nio.charset.StandardCharsets.US_ASCII));
                out.write('\n');
            }
        }
    }

    /** What a run gave. */
    private record Run(Map<String, String> digests, long spills, List<String> sortedLines) {}

    /** Writes for each key all its values in the order they came, so that any other order changes the file. */
    private Run run(String name, int partitions, String... settings) throws Exception {
        Path output = folder.resolve(name);
        JobSpec<String, String> job = JobSpec.named("everything")
                .read(TextInput.from(folder.resolve("input")).asStrings())
                .map(String.class, String.class, (line, out) -> {
                    out.emit(line.substring(0, line.indexOf(' ')), line);
                    out.emit("all " + line.length(), line.substring(0, 8));
                })
                .partitions(partitions)
                .reduce(String.class, String.class, (key, values, out) -> {
                    for (String value : values) {
                        out.emit(key, value);
                    }
                })
                .writeTo(TextOutput.to(output))
                .withSplitBytes(4 << 20);
        try (Sampo engine = engine(settings);
                JobResult<String, String> result = engine.submit(job).await()) {
            long spills = result.counters().stage("map").spills()
                    + result.counters().stage("reduce-1").spills();
            assertThat(result.counters().stage("map").tasks()).isBetween(2, 4);
            return new Run(
                    digests(result), spills, lines(output).stream().sorted().toList());
        }
    }

    @Test
    void filesAreTheSameForAnyNumberOfSlotsAndAnyMemory() throws Exception {
        Run one = run("one", 3, "sampo.slots = 1", "sampo.memory = 512m");
        Run two = run("two", 3, "sampo.slots = 2", "sampo.memory = 8m");
        Run seven = run("seven", 3, "sampo.slots = 7", "sampo.memory = 1m", "sampo.shuffle.merge-fan-in = 2");

        assertThat(one.digests).hasSize(3);
        assertThat(two.digests).isEqualTo(one.digests);
        assertThat(seven.digests).isEqualTo(one.digests);
        assertThat(one.spills).isZero();
        assertThat(two.spills).isPositive();
        assertThat(seven.spills).isGreaterThan(two.spills);
    }

    @Test
    void linesAreTheSameForAnyNumberOfPartitions() throws Exception {
        Run one = run("one", 1, "sampo.slots = 2");
        Run fifty = run("fifty", 50, "sampo.slots = 2");

        assertThat(one.digests).hasSize(1);
        assertThat(fifty.digests).hasSize(50);
        assertThat(one.sortedLines).hasSize(2 * LINES);
        assertThat(fifty.sortedLines).isEqualTo(one.sortedLines);
    }

    @Test
    void valuesOfAKeyComeInTheOrderOfMapTaskAndEmission() throws Exception {
        List<Long> numbers = LongStream.range(0, 5_000).boxed().toList();
        JobSpec<Long, String> job = JobSpec.named("order")
                .read(MemoryInput.of(Codecs.LONG, numbers))
                .map(Long.class, Long.class, (n, out) -> {
                    out.emit(n % 3, n);
                    out.emit(n % 3, -n);
                })
                .partitions(2)
                .reduce(Long.class, String.class, (key, values, out) -> {
                    long expected = key;
                    boolean negative = false;
                    for (long value : values) {
                        if (value != (negative ? -expected : expected)) {
                            out.emit(key, value + " instead of " + (negative ? -expected : expected));
                            return;
                        }
                        expected += negative ? 3 : 0;
                        negative = !negative;
                    }
                    out.emit(key, "in order up to " + (expected - 3));
                })
                .collect()
                .withSplitBytes(400);
        try (Sampo engine = engine("sampo.slots = 7", "sampo.memory = 1m");
                JobResult<Long, String> result = engine.submit(job).await();
                var records = result.records()) {
            assertThat(result.counters().stage("map").tasks()).isGreaterThan(50);
            assertThat(records.map(pair -> pair.first() + " " + pair.second()))
                    .containsExactlyInAnyOrder(
                            "0 in order up to 4998", "1 in order up to 4999", "2 in order up to 4997");
        }
    }
}
