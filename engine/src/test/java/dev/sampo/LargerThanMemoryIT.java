package dev.sampo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose data is eight times the heap of the JVM that runs them, with the engine's default settings. */
class LargerThanMemoryIT {
    private static final int LINE_BYTES = 64;
    private static final long SEED = 20_260_101L;

    @TempDir
    private Path directory;

    @Test
    void sortsEightTimesAHeapOf48MiB() throws Exception {
        sorts(48);
    }

    @Test
    @Tag("slow")
    void sortsEightTimesAHeapOf256MiB() throws Exception {
        sorts(256);
    }

    private void sorts(int heapMebibytes) throws Exception {
        Path input = directory.resolve("input.txt");
        Path output = directory.resolve("output");
        Path temp = Files.createDirectory(directory.resolve("temp"));
        Content written = write(input, (8L * heapMebibytes) << 20);

        ForkedJvm jvm = ForkedJvm.run(
                Duration.ofMinutes(5),
                List.of("-Xmx" + heapMebibytes + "m"),
                SortLines.class,
                input.toString(),
                output.toString(),
                temp.toString());

        assertThat(jvm.exitCode()).as(jvm.output()).isZero();
        assertThat(read(output)).as("seed %d", SEED).isEqualTo(written);
        assertThat(temp).isEmptyDirectory();
    }

    /** What lines there are, in whatever order. */
    private record Content(long lines, long sumOfHashes) {
        Content with(byte[] line) {
            return new Content(lines + 1, sumOfHashes + hash(line));
        }

        private static long hash(byte[] line) {
            long hash = 1;
            for (byte each : line) {
                hash = hash * 0x9E3779B97F4A7C15L + each;
                hash ^= hash >>> 29;
            }
            return hash;
        }
    }

    /** Writes random lines that do not compress well, one in sixteen of them a copy of the line before. */
    private static Content write(Path file, long bytes) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] line = new byte[LINE_BYTES];
        Content content = new Content(0, 0);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (long written = 0; written < bytes; written += LINE_BYTES + 1) {
                if (random.nextInt(16) != 0) {
                    random.nextBytes(line);
                    for (int i = 0; i < LINE_BYTES; i++) {
                        line[i] = (byte) (' ' + (line[i] & 0x3F));
                    }
                }
                out.write(line);
                out.write('\n');
                content = content.with(line);
            }
        }
        return content;
    }

    /** Reads the parts in order, and checks that their lines ascend from the first to the last. */
    private static Content read(Path output) throws IOException {
        Content content = new Content(0, 0);
        byte[] before = new byte[0];
        List<Path> parts;
        try (Stream<Path> files = Files.list(output)) {
            parts = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList();
        }
        for (Path part : parts) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(part), 1 << 20)) {
                for (byte[] line = in.readNBytes(LINE_BYTES); line.length > 0; line = in.readNBytes(LINE_BYTES)) {
                    assertThat(in.read()).isEqualTo('\n');
                    assertThat(Arrays.compareUnsigned(before, line)).isLessThanOrEqualTo(0);
                    content = content.with(line);
                    before = line;
                }
            }
        }
        return content;
    }
}
