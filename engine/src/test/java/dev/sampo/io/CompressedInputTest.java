package dev.sampo.io;

import static dev.sampo.io.CodecsTest.refuses;
import static dev.sampo.io.ReadBack.records;
import static dev.sampo.io.ReadBack.splitBytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.RecordReader;
import dev.sampo.spi.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressedInputTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path dir;

    /** Lines that do not compress to nothing, the same every time. */
    private static final List<String> LINES =
            new Random(42).ints(20_000).mapToObj(Integer::toHexString).toList();

    private static byte[] plain(int from, int to) {
        return (String.join("\n", LINES.subList(from, to)) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(dir.resolve(name), content);
    }

    @Test
    void readsAllMembersOfAGzipFileInOnePiece() throws IOException {
        byte[] bytes = concat(gzip(plain(0, 7000)), gzip(new byte[0]), gzip(plain(7000, 20_000)));
        Path file = write("a.gz", bytes);
        assertThat(TextInput.from(file).splits(splitBytes(1000))).hasSize(1);
        assertThat(records(TextInput.from(file), 1000)).isEqualTo(LINES);
        assertThat(records(TextInput.from(write("padded.gz", concat(bytes, new byte[700]))), MIB))
                .isEqualTo(LINES);
    }

    @Test
    void readsAllFramesOfAZstandardFileInOnePiece() throws IOException {
        byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 'x', 'y', 'z'};
        byte[] frames = concat(Zstd.compress(plain(0, 5)), skippable, Zstd.compress(plain(5, 20_000)));
        assertThat(TextInput.from(write("a.zst", frames)).splits(splitBytes(1000)))
                .hasSize(1);
        assertThat(records(TextInput.from(write("a.zst", frames)), 1000)).isEqualTo(LINES);
        assertThat(records(TextInput.from(write("b.zst", concat(skippable, frames))), 1000))
                .isEqualTo(LINES);
    }

    @Test
    void decidesByTheFirstBytesAndNotByTheName() throws IOException {
        assertThat(records(TextInput.from(write("zipped.txt", gzip(plain(0, 20_000)))), 1000))
                .isEqualTo(LINES);
        assertThat(records(TextInput.from(write("plain.gz", plain(0, 20_000))), 1000))
                .isEqualTo(LINES);
        assertThat(records(TextInput.from(write("short.gz", new byte[] {0x1F, (byte) 0x8B})), 1000))
                .hasSize(1);
    }

    @Test
    void readsDataThatIsMuchLargerThanItsCompressedForm() throws IOException {
        byte[] zeros = new byte[1 << 20];
        Arrays.fill(zeros, (byte) '\n');
        assertThat(records(TextInput.from(write("a.zst", concat(Zstd.compress(zeros), Zstd.compress(zeros)))), MIB))
                .hasSize(2 << 20);
        assertThat(records(TextInput.from(write("a.gz", concat(gzip(zeros), gzip(zeros)))), MIB))
                .hasSize(2 << 20);
    }

    @Test
    void compressedAndPlainFilesGoIntoOneSplit() throws IOException {
        Path in = Files.createDirectory(dir.resolve("in"));
        Files.write(in.resolve("a.txt"), plain(0, 10));
        Files.write(in.resolve("b.gz"), gzip(plain(10, 20)));
        Files.write(in.resolve("c.zst"), Zstd.compress(plain(20, 30)));
        Files.write(in.resolve("d.txt"), plain(30, 40));
        TextInput input = TextInput.from(in);
        List<Split> splits = input.splits(splitBytes(MIB));
        assertThat(splits).hasSize(1);
        assertThat(records(input, MIB)).isEqualTo(LINES.subList(0, 40));
        try (RecordReader<Text> reader = input.open(splits.get(0), splitBytes(MIB))) {
            while (reader.next()) {}
            assertThat(reader.bytesRead()).isEqualTo(splits.get(0).bytes());
        }
    }

    @Test
    void aFileCutAnywhereIsCorruptOrWholeButNeverShorter() throws IOException {
        byte[] second = gzip(plain(10, 20));
        byte[] gzip = concat(gzip(plain(0, 10)), second);
        byte[] secondFrame = Zstd.compress(plain(10, 20));
        byte[] zstd = concat(Zstd.compress(plain(0, 10)), secondFrame);
        for (byte[] whole : List.of(gzip, zstd)) {
            int boundary = whole.length - (whole == gzip ? second.length : secondFrame.length);
            for (int cut = 4; cut < whole.length; cut++) {
                TextInput input = TextInput.from(write("cut", Arrays.copyOf(whole, cut)));
                if (cut == boundary) {
                    assertThat(records(input, MIB)).isEqualTo(LINES.subList(0, 10));
                } else {
                    refuses(ErrorCode.INPUT_CORRUPT, () -> records(input, MIB), "/cut", "behind byte");
                }
            }
        }
    }

    @Test
    void refusesDamageAndSaysBehindWhichByte() throws IOException {
        byte[] bytes = gzip(plain(0, 20_000));
        byte[] checksum = bytes.clone();
        checksum[bytes.length - 6] ^= 1;
        refuses(
                ErrorCode.INPUT_CORRUPT,
                () -> records(TextInput.from(write("checksum.gz", checksum)), MIB),
                "checksum.gz",
                "byte " + plain(0, 20_000).length,
                "checksum");
        byte[] size = bytes.clone();
        size[bytes.length - 2] ^= 1;
        refuses(ErrorCode.INPUT_CORRUPT, () -> records(TextInput.from(write("size.gz", size)), MIB), "size.gz");
        refuses(
                ErrorCode.INPUT_CORRUPT,
                () -> records(TextInput.from(write("tail.gz", concat(bytes, new byte[] {1, 2, 3}))), MIB),
                "tail.gz");
        byte[] zstd = Zstd.compress(plain(0, 20_000));
        refuses(
                ErrorCode.INPUT_CORRUPT,
                () -> records(TextInput.from(write("tail.zst", concat(zstd, new byte[] {1, 2, 3, 4, 5}))), MIB),
                "tail.zst");
        IntStream.range(100, 110).forEach(i -> bytes[i] ^= (byte) 0xFF);
        refuses(ErrorCode.INPUT_CORRUPT, () -> records(TextInput.from(write("data.gz", bytes)), MIB), "data.gz");
    }

    @Test
    void readsHeadersWithAllOptionalFields() throws IOException {
        byte[] bytes = gzip("line\n".getBytes(StandardCharsets.US_ASCII));
        byte[] head = {0x1F, (byte) 0x8B, 8, 0x1E, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, 'n', 0, 'c', 0, 7, 7};
        byte[] body = Arrays.copyOfRange(bytes, 10, bytes.length);
        assertThat(records(TextInput.from(write("a.gz", concat(head, body))), MIB))
                .containsExactly("line");
    }
}
