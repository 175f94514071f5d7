package dev.sampo.examples.invertedindex;

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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvertedIndexTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "4, 3"})
    void listsTheFilesOfEachWord(int partitions, int slots) throws Exception {
        Path root = Path.of("..");
        String pattern = "../*/pom.xml";
        Map<String, TreeSet<String>> expected = new TreeMap<>();
        try (var examples = Files.list(root)) {
            for (Path file : examples.map(example -> example.resolve("pom.xml"))
                    .filter(Files::exists)
                    .toList()) {
                for (String word :
                        Files.readString(file, StandardCharsets.ISO_8859_1).split("[ \t\n]+")) {
                    if (!word.isEmpty()) {
                        expected.computeIfAbsent(word, key -> new TreeSet<>())
                                .add(root.relativize(file).toString());
                    }
                }
            }
        }
        Map<String, String> lists = new TreeMap<>();
        expected.forEach((word, files) -> lists.put(word, String.join(",", files)));
        assertThat(index(List.of(pattern), partitions, slots)).isEqualTo(lists).hasSizeGreaterThan(20);
    }

    @Test
    void namesEachFileOnceHoweverItIsCut() throws Exception {
        Path input = Files.createDirectories(folder.resolve("in/b"));
        Files.writeString(input.resolve("long.txt"), "again and again\n".repeat(500));
        Files.writeString(folder.resolve("in/b.txt"), "again");
        Files.writeString(folder.resolve("in/a.txt"), "and");
        assertThat(index(List.of(folder.resolve("in").toString()), 2, 2))
                .isEqualTo(Map.of("again", "b.txt,b/long.txt", "and", "a.txt,b/long.txt"));
    }

    @Test
    void namesPathsRelativeToTheirRoot() {
        InputRoots roots = InputRoots.of(List.of("books/", "/data/logs", "more/*/x?.txt", "one/file.txt", "*.md"));
        assertThat(roots.relative("books/a/b.txt")).isEqualTo("a/b.txt");
        assertThat(roots.relative("/data/logs/1.log")).isEqualTo("1.log");
        assertThat(roots.relative("more/y/x1.txt")).isEqualTo("y/x1.txt");
        assertThat(roots.relative("one/file.txt")).isEqualTo("file.txt");
        assertThat(roots.relative("README.md")).isEqualTo("README.md");
    }

    private Map<String, String> index(List<String> paths, int partitions, int slots) throws Exception {
        Path output = folder.resolve("output");
        var job = InvertedIndex.job(paths, TextInput.from(paths), TextOutput.to(output), partitions)
                .withSplitBytes(1000);
        try (Sampo sampo = Sampo.local(ConfigFactory.parseString("sampo.slots = " + slots));
                JobResult<Text, Text> result = sampo.submit(job).await()) {
            assertThat(result.parts()).isNotEmpty();
        }
        Map<String, String> index = new TreeMap<>();
        try (var files = Files.list(output)) {
            for (Path part : files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(part, StandardCharsets.ISO_8859_1)) {
                    String[] wordAndFiles = line.split("\t");
                    assertThat(index.put(wordAndFiles[0], wordAndFiles[1])).isNull();
                }
            }
        }
        return index;
    }
}
