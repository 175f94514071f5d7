package dev.sampo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/concepts.md} names types and tests that exist, and leaves no concept out. */
class ConceptsDocTest {
    private static final Pattern TYPE = Pattern.compile("`([A-Z][A-Za-z0-9]*)`");
    private static final List<String> CONCEPTS = List.of(
            "map",
            "combine",
            "shuffle and sort",
            "hash partitioning",
            "reduce",
            "thread",
            "process",
            "container",
            "VM",
            "resource manager",
            "node manager",
            "application master",
            "RPC",
            "stubs and marshalling",
            "text messages",
            "binary messages",
            "sockets",
            "message queue",
            "publish/subscribe",
            "multicast",
            "heterogeneity",
            "openness",
            "security",
            "failure handling",
            "concurrency",
            "quality of service",
            "scalability",
            "transparency");

    private static final Set<String> TYPES = new HashSet<>();
    private static final Set<String> TESTS = new HashSet<>();
    private static final List<Row> ROWS = new ArrayList<>();

    private record Row(String concept, String text, List<String> types, List<String> tests) {}

    @BeforeAll
    static void readSources() throws IOException {
        Path root = root();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName().toString();
                boolean skipped = name.equals("target") || name.equals(".git");
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (name.endsWith(".java")) {
                    boolean test = root.relativize(file).toString().contains("src/test/");
                    (test ? TESTS : TYPES).add(name.substring(0, name.length() - ".java".length()));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        for (String line : Files.readAllLines(root.resolve("docs/concepts.md"))) {
            List<String> cells =
                    Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
            if (cells.size() == 6
                    && !cells.get(1).equals("concept")
                    && !cells.get(1).startsWith("-")) {
                ROWS.add(new Row(cells.get(1), cells.get(2), names(cells.get(3)), names(cells.get(4))));
            }
        }
    }

    @Test
    void everyConceptHasItsRow() {
        assertThat(ROWS).extracting(Row::concept).containsExactlyElementsOf(CONCEPTS);
    }

    @Test
    void everyTypeThatIsNamedExists() {
        assertThat(ROWS.stream().flatMap(row -> row.types().stream())).isSubsetOf(TYPES);
    }

    @Test
    void everyTestThatIsNamedExistsAndRuns() {
        assertThat(ROWS.stream().flatMap(row -> row.tests().stream()))
                .isSubsetOf(TESTS)
                .allMatch(test -> test.endsWith("Test") || test.endsWith("IT"));
    }

    @Test
    void aConceptHasATypeAndATestOrIsSaidNotToBeThere() {
        assertThat(ROWS).allSatisfy(row -> {
            if (row.types().isEmpty() || row.tests().isEmpty()) {
                assertThat(row.text()).as(row.concept()).startsWith("not there yet: ");
            }
        });
    }

    private static List<String> names(String cell) {
        return TYPE.matcher(cell)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("docs/concepts.md"))) {
            directory = directory.getParent();
        }
        assertThat(directory)
                .as("a folder with docs/concepts.md, at or above the working directory")
                .isNotNull();
        return directory;
    }
}
