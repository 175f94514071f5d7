package dev.sampo.io;

import static dev.sampo.io.CodecsTest.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.RecordWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
    @TempDir
    private Path dir;

    private static <K, V> byte[] written(OutputSink<K, V> sink, K key, V value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RecordWriter<K, V> writer = ReadBack.serialized(sink).open(bytes)) {
            writer.write(key, value);
        }
        return bytes.toByteArray();
    }

    private static String text(OutputSink<Object, Object> sink, Object key, Object value) throws IOException {
        return new String(written(sink, key, value), StandardCharsets.UTF_8);
    }

    @Test
    void writesLinesOfKeyTabValue() throws IOException {
        TextOutput output = TextOutput.to(dir);
        assertThat(text(output, Text.of("key"), 42L)).isEqualTo("key\t42\n");
        assertThat(text(output, "\u00E4\uD83D\uDE00", new byte[] {'x'})).isEqualTo("\u00E4\uD83D\uDE00\tx\n");
        assertThat(text(output.keysOnly(), "key", "value")).isEqualTo("key\n");
        assertThat(text(output.valuesOnly(), "key", "value")).isEqualTo("value\n");
        assertThat(text(output, "", "")).isEqualTo("\t\n");
    }

    @Test
    void writesBytesAsTheyAre() throws IOException {
        byte[] raw = {0, (byte) 0xFF, '\r'};
        assertThat(written(TextOutput.to(dir), (Object) Text.of(raw), (Object) raw))
                .containsExactly(0, 0xFF, '\r', '\t', 0, 0xFF, '\r', '\n');
        assertThat(written(RecordOutput.to(dir), Text.of(raw), Text.of("v"))).containsExactly(0, 0xFF, '\r', 'v');
    }

    @Test
    void writesManyAndLargeRecordsInOrder() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringBuilder expected = new StringBuilder();
        try (RecordWriter<Object, Object> writer = TextOutput.to(dir).open(bytes)) {
            for (int i = 0; i < 200; i++) {
                String key = "k".repeat(i * 37 % 1000);
                String value = "v".repeat(i % 50 == 0 ? 200_000 : i);
                writer.write(i % 2 == 0 ? key : Text.of(key), i % 3 == 0 ? Text.of(value) : value);
                expected.append(key).append('\t').append(value).append('\n');
            }
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
    }

    @Test
    void refusesAnUnpairedSurrogate() {
        refuses(ErrorCode.CODEC_CANNOT_ENCODE, () -> text(TextOutput.to(dir), "a\uD800", "v"), "U+D800");
    }

    @Test
    void directoriesAreAbsoluteAndDoNotDependOnWhatExists() throws IOException {
        URI before = TextOutput.to(dir + "/out").directory();
        Files.createDirectory(dir.resolve("out"));
        assertThat(TextOutput.to(dir + "/out/").directory()).isEqualTo(before);
        assertThat(TextOutput.to(dir.resolve("x/../out")).directory()).isEqualTo(before);
        assertThat(Path.of(before)).isEqualTo(dir.resolve("out"));
        assertThat(Path.of(RecordOutput.to("out").directory()))
                .isEqualTo(Path.of("out").toAbsolutePath());
        URI zip = URI.create("jar:file:/data/a.zip!/out");
        assertThat(TextOutput.to(zip.toString()).directory()).isEqualTo(zip);
        assertThat(RecordOutput.to(zip).directory()).isEqualTo(zip);
    }

    @Test
    void refusesWhatIsNoDirectoryName() {
        refuses(ErrorCode.JOB_INVALID, () -> TextOutput.to(""), "empty name");
        refuses(ErrorCode.JOB_INVALID, () -> TextOutput.to("file:/a b"), "file:/a b");
        refuses(ErrorCode.JOB_INVALID, () -> TextOutput.to(URI.create("relative")), "relative");
    }

    @Test
    void overwritesOnlyWhenAsked() {
        assertThat(TextOutput.to(dir).overwrite()).isFalse();
        assertThat(TextOutput.to(dir).overwrite(true).keysOnly().overwrite()).isTrue();
        assertThat(RecordOutput.to(dir).overwrite(true).overwrite()).isTrue();
        assertThat(RecordOutput.to(dir).overwrite(true).overwrite(false).overwrite())
                .isFalse();
    }
}
