package dev.sampo.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopWordsTest {
    @TempDir
    Path folder;

    @Test
    void printsTheMostFrequentWords() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "to be or not to be\nto");
        Files.writeString(folder.resolve("b.txt"), "be to");
        PrintStream stdout = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            TopWords.main(new String[] {folder.toString()});
        } finally {
            System.setOut(stdout);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines().toList())
                .startsWith("4 to", "3 be")
                .contains("1 or", "1 not")
                .hasSize(4);
    }
}
