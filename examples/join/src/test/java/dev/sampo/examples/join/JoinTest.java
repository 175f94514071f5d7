package dev.sampo.examples.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.JobResult;
import dev.sampo.io.Text;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.SampoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JoinTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 1", "4, 3"})
    void pairsEveryLeftValueWithEveryRightValueOfItsKey(int partitions, int slots) throws Exception {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        List<String> left = lines(random, "left");
        List<String> right = lines(random, "right\ttab");
        List<String> expected = new ArrayList<>();
        for (String line : left) {
            String key = line.substring(0, line.indexOf('\t') + 1);
            for (String other : right) {
                if (other.startsWith(key)) {
                    expected.add(line + other.substring(key.length() - 1));
                }
            }
        }
        List<String> joined = join(left, right, partitions, slots);
        assertThat(joined).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
        String key = expected.get(0).substring(0, expected.get(0).indexOf('\t') + 1);
        assertThat(joined.stream().filter(line -> line.startsWith(key)))
                .as("order within key %s, seed %d", key, seed)
                .containsExactlyElementsOf(
                        expected.stream().filter(line -> line.startsWith(key)).toList());
    }

    @Test
    void joinsNothingWithAnEmptySide() throws Exception {
        assertThat(join(List.of("a\t1"), List.of(), 2, 2)).isEmpty();
    }

    @Test
    void acceptsEmptyKeysAndValues() throws Exception {
        assertThat(join(List.of("\tx", "k\t"), List.of("\ty", "k\t"), 1, 1)).containsExactly("\tx\ty", "k\t\t");
    }

    @Test
    void namesFileAndOffsetOfLineWithoutTab() {
        assertThatThrownBy(() -> join(List.of("a\t1", "b"), List.of("a\t1"), 1, 1))
                .isInstanceOf(SampoException.class)
                .hasMessageContaining("left.txt")
                .hasMessageContaining("offset 4")
                .hasMessageContaining("expected key<TAB>value");
    }

    private static List<String> lines(SplittableRandom random, String value) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            lines.add("key" + random.nextInt(60) + "\t" + value + i);
        }
        return lines;
    }

    private List<String> join(List<String> left, List<String> right, int partitions, int slots) throws Exception {
        Path leftFile = Files.write(folder.resolve("left.txt"), left);
        Path rightFile = Files.write(folder.resolve("right.txt"), right);
        Path output = folder.resolve("output");
        var job = Join.job(TextInput.from(leftFile), TextInput.from(rightFile), TextOutput.to(output), partitions)
                .withSplitBytes(500);
        try (Sampo sampo = Sampo.local(ConfigFactory.parseString("sampo.slots = " + slots));
                JobResult<Text, Text> result = sampo.submit(job).await()) {
            assertThat(result.parts()).isNotEmpty();
        }
        List<String> lines = new ArrayList<>();
        try (var files = Files.list(output)) {
            for (Path part : files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(part));
            }
        }
        return lines;
    }
}
