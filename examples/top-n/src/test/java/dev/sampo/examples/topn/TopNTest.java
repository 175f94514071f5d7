package dev.sampo.examples.topn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.JobResult;
import dev.sampo.io.Text;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopNTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1, 0, 1", "10, 1, 2", "60, 3, 1", "100000, 4, 3"})
    void findsTheMostFrequentWordsAndBreaksTiesByTheWord(int n, int partitions, int slots) throws Exception {
        Path input = Path.of("../../pom.xml");
        Map<String, Long> counts = new TreeMap<>();
        for (String word : Files.readString(input, StandardCharsets.ISO_8859_1).split("[ \t\n]+")) {
            if (!word.isEmpty()) {
                counts.merge(word, 1L, Long::sum);
            }
        }
        List<String> expected = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(n)
                .map(entry -> entry.getKey() + "\t" + entry.getValue())
                .toList();

        var job = TopN.job(n, TextInput.from(input), TextOutput.to(folder.resolve("output")), partitions)
                .withSplitBytes(2000);
        try (Sampo sampo = Sampo.local(ConfigFactory.parseString("sampo.slots = " + slots));
                JobResult<Text, Long> result = sampo.submit(job).await()) {
            assertThat(result.parts()).hasSize(1);
        }
        assertThat(Files.readAllLines(folder.resolve("output/part-00000"), StandardCharsets.ISO_8859_1))
                .isEqualTo(expected);
    }

    @Test
    void refusesToFindNothing() {
        assertThatThrownBy(() -> TopN.job(0, TextInput.from("input"), TextOutput.to("output"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("n: 0; expected at least 1");
    }
}
