package dev.sampo.io;

import static dev.sampo.io.CodecsTest.refuses;
import static dev.sampo.io.ReadBack.records;
import static dev.sampo.io.ReadBack.splitBytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordInputTest {
    @TempDir
    private Path dir;

    private static final List<String> RECORDS =
            IntStream.range(0, 1000).mapToObj("%07d"::formatted).toList();
    private static final byte[] CONTENT = String.join("", RECORDS).getBytes(StandardCharsets.US_ASCII);

    private String write(String name, byte[] content) throws IOException {
        return Files.write(dir.resolve(name), content).toString();
    }

    @Test
    void cutsAtRecordsWhateverTheSplitSize() throws IOException {
        String file = write("a", CONTENT);
        for (long bytes : new long[] {1, 6, 7, 8, 100, 700, 6999, 7000, 1 << 20}) {
            RecordInput input = RecordInput.from(7, file);
            assertThat(records(input, bytes)).isEqualTo(RECORDS);
            assertThat(input.splits(splitBytes(bytes))).allMatch(split -> split.bytes() % 7 == 0);
        }
        assertThat(RecordInput.from(7, file).splits(splitBytes(100)))
                .extracting(Split::identity)
                .contains(file + "[98,196)");
    }

    @Test
    void tellsWhereARecordIs() throws IOException {
        String file = write("a", CONTENT);
        assertThat(ReadBack.lines(RecordInput.from(7, List.of(file)), splitBytes(100)))
                .contains(new ReadBack.Line(file, 7 * 123, "0000123"));
    }

    @Test
    void uncompressesFilesThatAreNamedSo() throws IOException {
        assertThat(records(RecordInput.from(7, write("a.gz", CompressedInputTest.gzip(CONTENT))), 100))
                .isEqualTo(RECORDS);
        assertThat(records(RecordInput.from(7, write("a.zst", Zstd.compress(CONTENT))), 100))
                .isEqualTo(RECORDS);
        byte[] like = {0x1F, (byte) 0x8B, 8, 0, 1, 2, 3};
        assertThat(records(RecordInput.from(7, write("a.bin", like)), 100)).hasSize(1);
        assertThat(records(RecordInput.from(7, write("plain.gz", CONTENT)), 100))
                .isEqualTo(RECORDS);
    }

    @Test
    void refusesAFileOfUnevenSize() throws IOException {
        String file = write("a", new byte[20]);
        refuses(ErrorCode.INPUT_CORRUPT, () -> records(RecordInput.from(7, file), 100), file, "20 bytes", "7 bytes");
        String zipped = write("a.gz", CompressedInputTest.gzip(new byte[20]));
        refuses(
                ErrorCode.INPUT_CORRUPT,
                () -> records(RecordInput.from(7, zipped), 100),
                zipped,
                "20 bytes",
                "7 bytes");
    }

    @Test
    void refusesSizesThatCannotBe() throws IOException {
        String file = write("a", CONTENT);
        refuses(ErrorCode.JOB_INVALID, () -> RecordInput.from(0, file), "0 bytes");
        refuses(
                ErrorCode.RECORD_TOO_LARGE,
                () -> RecordInput.from(7, file).splits(new ReadOptions(100, 6)),
                "7 bytes",
                "at most 6");
    }

    @Test
    void anEmptyFileHasNoRecords() throws IOException {
        assertThat(records(RecordInput.from(7, write("a", new byte[0])), 100)).isEmpty();
    }
}
