package dev.sampo.io;

import static dev.sampo.io.CodecsTest.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.Split;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeLineTest {
    private static final int LIMIT = 1 << 20;
    private static final long HUGE = 64L << 20;

    @TempDir
    private Path dir;

    private static long allocatedBytes() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    @Test
    void refusesALineLargerThanTheLimitWithoutTakingMoreMemory() throws IOException {
        Path file = Files.writeString(dir.resolve("sparse"), "short\n");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(HUGE);
        }
        TextInput input = TextInput.from(file);
        ReadOptions options = new ReadOptions(2 * HUGE, LIMIT);
        Split split = input.splits(options).get(0);
        long before = allocatedBytes();
        try (RecordReader<Text> reader = input.open(split, options)) {
            assertThat(reader.next()).isTrue();
            refuses(ErrorCode.RECORD_TOO_LARGE, reader::next, file.toString(), "byte 6 ", "1048576 bytes");
        }
        assertThat(allocatedBytes() - before).isLessThan(4L * LIMIT);
    }

    @Test
    void refusesItInACompressedFileToo() throws IOException {
        Path file = dir.resolve("bomb.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < HUGE >> 20; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        TextInput input = TextInput.from(file);
        ReadOptions options = new ReadOptions(HUGE, LIMIT);
        long before = allocatedBytes();
        refuses(ErrorCode.RECORD_TOO_LARGE, () -> ReadBack.lines(input, options), "bomb.gz", "byte 0 ");
        assertThat(allocatedBytes() - before).isLessThan(8L * LIMIT);
    }

    @Test
    void takesLinesUpToTheLimitExactly() throws IOException {
        for (int limit : new int[] {1, 2, 100, 300_000}) {
            String most = "x".repeat(limit);
            ReadOptions options = new ReadOptions(1 << 30, limit);
            Path file = Files.writeString(dir.resolve("lines"), most + "\n" + most + "\n\n" + most);
            assertThat(ReadBack.lines(TextInput.from(file), options))
                    .extracting(ReadBack.Line::record)
                    .containsExactly(most, most, "", most);
            Files.writeString(file, "a\n" + most + "x\n");
            refuses(ErrorCode.RECORD_TOO_LARGE, () -> ReadBack.lines(TextInput.from(file), options), "byte 2 ");
            Files.writeString(file, most + "x");
            refuses(ErrorCode.RECORD_TOO_LARGE, () -> ReadBack.lines(TextInput.from(file), options), "byte 0 ");
        }
    }

    @Test
    void thePieceThatOwnsALargeLineReportsItAndTheOthersPassOverIt() throws IOException {
        Path file = Files.writeString(dir.resolve("lines"), "a\n" + "x".repeat(1000) + "\nb\n");
        TextInput input = TextInput.from(file);
        ReadOptions options = new ReadOptions(300, 100);
        var splits = input.splits(options);
        assertThat(splits).hasSize(4);
        refuses(ErrorCode.RECORD_TOO_LARGE, () -> ReadBack.lines(input, splits.get(0), options), "byte 2 ");
        assertThat(ReadBack.lines(input, splits.get(1), options)).isEmpty();
        assertThat(ReadBack.lines(input, splits.get(2), options)).isEmpty();
        assertThat(ReadBack.lines(input, splits.get(3), options))
                .containsExactly(new ReadBack.Line(file.toString(), 1003, "b"));
    }
}
