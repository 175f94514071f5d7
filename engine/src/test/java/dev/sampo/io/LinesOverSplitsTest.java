package dev.sampo.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** The lines of all splits, one behind the other, are the lines of the file, wherever it is cut. */
class LinesOverSplitsTest {
    private @Nullable Path file;

    @BeforeProperty
    void createFile() throws IOException {
        file = Files.createTempFile("lines", ".txt");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file());
    }

    private Path file() {
        return java.util.Objects.requireNonNull(file);
    }

    @Provide
    Arbitrary<byte[]> contents() {
        return Arbitraries.of((byte) '\n', (byte) '\n', (byte) '\r', (byte) 'a', (byte) 0, (byte) 0xFF, (byte) 0xC3)
                .array(byte[].class)
                .ofMaxSize(60);
    }

    /** What reading must give, written the slow and obvious way. */
    private static List<ReadBack.Line> expected(String path, byte[] content) {
        List<ReadBack.Line> lines = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= content.length; i++) {
            boolean end = i == content.length;
            if (end && begin == i) {
                break;
            }
            if (end || content[i] == '\n') {
                lines.add(new ReadBack.Line(
                        path, begin, new String(content, begin, i - begin, StandardCharsets.ISO_8859_1)));
                begin = i + 1;
            }
        }
        return lines;
    }

    @Property
    void areTheLinesOfTheFile(
            @ForAll("contents") byte[] content,
            @ForAll @IntRange(min = 1, max = 70) int splitBytes,
            @ForAll @IntRange(min = 60, max = 90) int maxRecordBytes)
            throws IOException {
        Files.write(file(), content);
        ReadOptions options = new ReadOptions(splitBytes, maxRecordBytes);
        assertThat(ReadBack.lines(TextInput.from(file()), options)).isEqualTo(expected(file().toString(), content));
    }

    @Property(tries = 100)
    void bytesReadAddUpToTheSizeOfTheFile(
            @ForAll("contents") byte[] content, @ForAll @IntRange(min = 1, max = 70) int splitBytes)
            throws IOException {
        Files.write(file(), content);
        ReadOptions options = ReadBack.splitBytes(splitBytes);
        TextInput input = TextInput.from(file());
        long bytes = 0;
        long planned = 0;
        for (Split split : input.splits(options)) {
            planned += split.bytes();
            try (RecordReader<Text> reader = input.open(split, options)) {
                while (reader.next()) {}
                bytes += reader.bytesRead();
            }
        }
        assertThat(bytes).isEqualTo(content.length);
        assertThat(planned).isEqualTo(content.length);
    }

    @Property(tries = 30)
    void linesLargerThanTheBufferAndTheReadAheadAreWhole(
            @ForAll @IntRange(min = 1, max = 700_000) int length,
            @ForAll @IntRange(min = 1000, max = 900_000) int split)
            throws IOException {
        byte[] content = ("first\n" + "x".repeat(length) + "\n\n" + "y".repeat(length / 2) + "\nlast")
                .getBytes(StandardCharsets.US_ASCII);
        Files.write(file(), content);
        assertThat(ReadBack.lines(TextInput.from(file()), ReadBack.splitBytes(split)))
                .isEqualTo(expected(file().toString(), content));
    }
}
