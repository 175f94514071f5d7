package dev.sampo.internal.shuffle;

import static dev.sampo.internal.shuffle.ShuffleFixture.LEAST;
import static dev.sampo.internal.shuffle.ShuffleFixture.bytes;
import static dev.sampo.internal.shuffle.ShuffleFixture.groups;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentDamageTest {
    private static final ShuffleSpec SPEC = new ShuffleSpec(3, null, KeyGrouping.WHOLE);

    @TempDir
    private Path directory;

    private MapOutput output;
    private Path file;
    private byte[] content;

    @BeforeEach
    void writeAnOutput() throws IOException {
        write(true);
    }

    private void write(boolean compress) throws IOException {
        file = directory.resolve("attempt" + compress);
        Files.deleteIfExists(file);
        try (RunWriter writer = RunWriter.toFile("attempt", 3, 4096, compress, file)) {
            for (int p = 0; p < 3; p++) {
                for (int i = 1000; i < 1700; i++) {
                    byte[] key = bytes("key" + i);
                    writer.record(p, key, 0, key.length, key, 0, key.length);
                }
            }
            output = writer.finish();
        }
        content = Files.readAllBytes(file);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noticesEveryFlippedByteOfASegment(boolean compress) throws IOException {
        write(compress);
        int from = (int) output.index().offset(1);
        int to = from + (int) output.index().length(1);
        int step = compress ? 1 : 7;
        for (int at = from; at < to; at += step) {
            byte[] damaged = content.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            assertFetchFails(1, "partition 1");
        }
        assertThat(read(0)).isEqualTo(700);
        assertThat(read(2)).isEqualTo(700);
    }

    @Test
    void noticesATruncatedFile() throws IOException {
        int from = (int) output.index().offset(2);
        int to = from + (int) output.index().length(2);
        for (int length : new int[] {0, from, from + 5, from + 12, from + 100, to - 1}) {
            Files.write(file, Arrays.copyOf(content, length));
            assertFetchFails(2, "partition 2");
        }
    }

    @Test
    void noticesABlockInTheWrongPlace() throws IOException {
        write(false);
        int first = (int) output.index().offset(0);
        int block = 4096 + BlockFormat.HEADER_BYTES;
        int size = (int) KeyOrder.INT.get(content, first) + BlockFormat.HEADER_BYTES;
        assertThat(size).isLessThanOrEqualTo(block);
        byte[] damaged = content.clone();
        System.arraycopy(content, first, damaged, first + size, size);
        Files.write(file, damaged);
        assertFetchFails(0, "partition 0, offset " + size);
    }

    @Test
    void noticesAFileThatIsGone() throws IOException {
        Files.delete(file);
        assertFetchFails(0, file.toString());
    }

    private void assertFetchFails(int partition, String message) {
        assertThatThrownBy(() -> read(partition))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED))
                .hasMessageContaining(message)
                .hasMessageContaining(
                        Objects.requireNonNull(file.getFileName(), "name").toString());
    }

    private int read(int partition) throws IOException {
        return groups(
                        List.of(output.segment(partition)),
                        SPEC,
                        ShuffleSettings.defaults(),
                        LEAST,
                        directory.resolve("reduce"))
                .size();
    }
}
