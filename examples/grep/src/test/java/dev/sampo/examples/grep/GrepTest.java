package dev.sampo.examples.grep;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.JobResult;
import dev.sampo.io.Text;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrepTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 3", "3, 1", "7, 2"})
    void writesMatchingLinesInTheOrderOfFilesAndLines(int partitions, int slots) throws Exception {
        List<Path> inputs = List.of(Path.of("../../pom.xml"), Path.of("pom.xml"));
        Pattern pattern = Pattern.compile("<[a-z]+Id>|version$");
        List<String> expected = new ArrayList<>();
        for (Path input : inputs) {
            Files.readAllLines(input).stream()
                    .filter(line -> pattern.matcher(line).find())
                    .forEach(expected::add);
        }
        var job = Grep.job(
                        pattern.pattern(),
                        TextInput.from(inputs.get(0), inputs.get(1)),
                        TextOutput.to(folder.resolve("output")).valuesOnly(),
                        partitions)
                .withSplitBytes(700);
        try (Sampo sampo = Sampo.local(ConfigFactory.parseString("sampo.slots = " + slots));
                JobResult<Integer, Text> result = sampo.submit(job).await()) {
            assertThat(result.counters().get("matching-lines")).isEqualTo(expected.size());
        }
        assertThat(outputLines()).isEqualTo(expected).hasSizeGreaterThan(20);
    }

    @Test
    void keepsBytesThatAreNotUtf8() throws Exception {
        Path input = folder.resolve("input");
        Files.write(input, "caf\u00E9 one\ntwo\r\n\u00FFthree one".getBytes(StandardCharsets.ISO_8859_1));
        var job = Grep.job(
                "\\bone",
                TextInput.from(input),
                TextOutput.to(folder.resolve("output")).valuesOnly(),
                2);
        try (Sampo sampo = Sampo.local();
                JobResult<Integer, Text> result = sampo.submit(job).await()) {
            assertThat(result.parts()).hasSize(2);
        }
        assertThat(outputLines()).containsExactly("caf\u00E9 one", "\u00FFthree one");
    }

    @Test
    void cutsPlacesIntoPartitionsInOrder() {
        for (int tasks : new int[] {1, 2, 7, 1000, Integer.MAX_VALUE}) {
            assertThat(GrepMapper.place(0, tasks)).isZero();
            assertThat(GrepMapper.place(tasks - 1, tasks)).isLessThan(1 << GrepMapper.PLACE_BITS);
        }
        assertThat(GrepMapper.place(3, 7)).isLessThan(GrepMapper.place(4, 7));
    }

    /** Reads all parts in name order, each byte as one character. */
    private List<String> outputLines() throws Exception {
        List<String> lines = new ArrayList<>();
        try (var files = Files.list(folder.resolve("output"))) {
            for (Path part : files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(part, StandardCharsets.ISO_8859_1));
            }
        }
        return lines;
    }
}
