package dev.sampo.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.JobResult;
import dev.sampo.io.Text;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordCountTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 1", "4, 3"})
    void countsEachWordOfTheReadme(int partitions, int slots) throws Exception {
        Path input = Path.of("../../README.md");
        assertThat(count(input, partitions, slots)).isEqualTo(expected(Files.readAllBytes(input)));
    }

    @Test
    void takesBytesAsTheyAre() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write("plain\tcarriage\r\nno-break\u00A0space \u2003 \n\n  vertical\u000Btab form\ffeed plain"
                .getBytes(StandardCharsets.UTF_8));
        bytes.write(new byte[] {'\n', (byte) 0xFF, (byte) 0xC3, ' ', 0, ' ', (byte) 0xC3, '\t', 0, '\n'});
        Path input = Files.write(folder.resolve("input"), bytes.toByteArray());
        assertThat(count(input, 2, 2))
                .isEqualTo(expected(bytes.toByteArray()))
                .containsEntry("plain", 2L)
                .containsEntry("carriage\r", 1L)
                .containsEntry("\u0000", 2L);
    }

    @Test
    void writesNoLinesForAnEmptyInput() throws Exception {
        assertThat(count(Files.createFile(folder.resolve("input")), 2, 2)).isEmpty();
    }

    /** Counts with the engine, each byte read as one character. */
    private Map<String, Long> count(Path input, int partitions, int slots) throws Exception {
        Path output = folder.resolve("output");
        var job = WordCount.job(TextInput.from(input), TextOutput.to(output), partitions)
                .withSplitBytes(500);
        try (Sampo sampo = Sampo.local(ConfigFactory.parseString("sampo.slots = " + slots));
                JobResult<Text, Long> result = sampo.submit(job).await()) {
            assertThat(result.parts()).isNotEmpty();
        }
        Map<String, Long> counts = new TreeMap<>();
        for (List<String> part : parts(output)) {
            List<String> words = new ArrayList<>();
            for (String line : part) {
                int tab = line.indexOf('\t');
                words.add(line.substring(0, tab));
                assertThat(counts.put(line.substring(0, tab), Long.valueOf(line.substring(tab + 1))))
                        .as("each word once")
                        .isNull();
            }
            assertThat(words).as("ascending in a part").isSortedAccordingTo(Comparator.naturalOrder());
        }
        return counts;
    }

    private static List<List<String>> parts(Path output) throws IOException {
        List<List<String>> parts = new ArrayList<>();
        try (var files = Files.list(output)) {
            for (Path part : files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                // not readAllLines: a carriage return ends no line
                String[] lines =
                        Files.readString(part, StandardCharsets.ISO_8859_1).split("\n", -1);
                assertThat(lines[lines.length - 1])
                        .as("behind the last line feed")
                        .isEmpty();
                parts.add(List.of(lines).subList(0, lines.length - 1));
            }
        }
        return parts;
    }

    private static Map<String, Long> expected(byte[] input) {
        Map<String, Long> counts = new TreeMap<>();
        for (String word : new String(input, StandardCharsets.ISO_8859_1).split("[ \t\n]+")) {
            if (!word.isEmpty()) {
                counts.merge(word, 1L, Long::sum);
            }
        }
        return counts;
    }
}
