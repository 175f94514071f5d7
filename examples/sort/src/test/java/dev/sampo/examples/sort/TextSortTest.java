package dev.sampo.examples.sort;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSortTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 1", "5, 3"})
    void sortsTheLinesOfRealFilesAndKeepsDuplicates(int partitions, int slots) throws Exception {
        List<Path> inputs = List.of(Path.of("../../pom.xml"), Path.of("../../README.md"));
        List<String> expected = new ArrayList<>();
        for (Path input : inputs) {
            expected.addAll(Files.readAllLines(input, StandardCharsets.ISO_8859_1));
        }
        // one character per byte: the order of the characters is the order of the bytes
        expected.sort(null);
        assertThat(sort(TextInput.from(inputs.get(0), inputs.get(1)), partitions, slots))
                .isEqualTo(expected);
    }

    @Test
    void sortsBytesAsUnsignedNumbers() throws Exception {
        Path input = folder.resolve("input");
        Files.write(input, "z\n\u00FF\n\n\u0000\na\u0080\na\nz\r\nz".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(sort(TextInput.from(input), 2, 2))
                .containsExactly("", "\u0000", "a", "a\u0080", "z", "z", "z\r", "\u00FF");
    }

    @Test
    void writesNoLinesForAnEmptyInput() throws Exception {
        assertThat(sort(TextInput.from(Files.createFile(folder.resolve("input"))), 0, 2))
                .isEmpty();
    }

    private List<String> sort(TextInput input, int partitions, int slots) throws Exception {
        Path output = folder.resolve("output");
        var job = TextSort.job(input, TextOutput.to(output).keysOnly(), partitions)
                .withSplitBytes(900);
        try (Sampo sampo = Sampo.local(ConfigFactory.parseString("sampo.slots = " + slots));
                JobResult<Text, Text> result = sampo.submit(job).await()) {
            assertThat(result.parts()).isNotEmpty();
        }
        StringBuilder lines = new StringBuilder();
        try (var files = Files.list(output)) {
            for (Path part : files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                lines.append(Files.readString(part, StandardCharsets.ISO_8859_1));
            }
        }
        // lines() would take a carriage return away
        List<String> split = new ArrayList<>(List.of(lines.toString().split("\n", -1)));
        assertThat(split.remove(split.size() - 1))
                .as("behind the last line feed")
                .isEmpty();
        return split;
    }
}
