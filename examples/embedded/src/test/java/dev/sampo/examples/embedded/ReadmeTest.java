package dev.sampo.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps README true: what it quotes is what is compiled, and the types it names exist. */
class ReadmeTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern QUOTE =
            Pattern.compile("(?s)<!-- quote (\\S+) -->\n```java\n(.*?)```\n<!-- end of quote -->");
    private static final Pattern SOURCE_QUOTE = Pattern.compile("(?s)\n *// quote\n(.*?) *// end of quote\n");
    private static final Pattern TYPE_NAME = Pattern.compile("`([A-Z][a-z]\\w*)`");

    @Test
    void quotesSourceAsItIs() throws IOException {
        List<MatchResult> quotes = QUOTE.matcher(readme()).results().toList();
        assertThat(quotes).isNotEmpty();
        for (MatchResult quote : quotes) {
            String source = Files.readString(ROOT.resolve(quote.group(1)));
            MatchResult marked =
                    SOURCE_QUOTE.matcher(source).results().findFirst().orElseThrow();
            assertThat(quote.group(2))
                    .as("quote of %s", quote.group(1))
                    .isEqualTo(marked.group(1).stripTrailing().stripIndent() + "\n");
            assertThat(quote.group(2).lines()).hasSizeLessThanOrEqualTo(20);
        }
    }

    @Test
    void namesTypesThatExist() throws IOException {
        Set<String> types = typesOfTheSources();
        List<String> named = TYPE_NAME
                .matcher(readme())
                .results()
                .map(name -> name.group(1))
                .distinct()
                .toList();
        assertThat(named).isNotEmpty().isSubsetOf(types);
    }

    @Test
    void linksToFilesThatExist() throws IOException {
        Pattern link = Pattern.compile("]\\((?!https?:|#)([^)#]+)");
        assertThat(link.matcher(readme()).results().map(found -> ROOT.resolve(found.group(1))))
                .allSatisfy(file -> assertThat(file).exists());
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    private static Set<String> typesOfTheSources() throws IOException {
        Set<String> types = new HashSet<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                boolean isSource = !name.equals("target") && (!name.startsWith(".") || name.equals(".."));
                return isSource ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (name.endsWith(".java")) {
                    types.add(name.substring(0, name.length() - ".java".length()));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return types;
    }
}
