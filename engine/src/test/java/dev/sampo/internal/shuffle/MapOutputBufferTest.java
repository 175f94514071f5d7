package dev.sampo.internal.shuffle;

import static dev.sampo.internal.shuffle.ShuffleFixture.LEAST;
import static dev.sampo.internal.shuffle.ShuffleFixture.bytes;
import static dev.sampo.internal.shuffle.ShuffleFixture.filesUnder;
import static dev.sampo.internal.shuffle.ShuffleFixture.groups;
import static dev.sampo.internal.shuffle.ShuffleFixture.model;
import static dev.sampo.internal.shuffle.ShuffleFixture.output;
import static dev.sampo.internal.shuffle.ShuffleFixture.randomBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.api.Combiner;
import dev.sampo.api.Combiners;
import dev.sampo.internal.shuffle.ShuffleFixture.Rec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapOutputBufferTest {
    private static final ShuffleSpec PLAIN = new ShuffleSpec(3, null, KeyGrouping.WHOLE);
    private static final ShuffleSettings SMALL_BLOCKS = new ShuffleSettings(4096, 2, true);

    @TempDir
    private Path directory;

    @Test
    void keepsASmallOutputInMemoryAndTouchesNoFile() throws IOException {
        Path unused = directory.resolve("attempt");
        MapOutput output = output(records(500, 10), PLAIN, ShuffleSettings.defaults(), LEAST, unused);
        assertThat(output.inMemory()).isTrue();
        assertThat(unused).doesNotExist();
    }

    @Test
    void countsWhatItDoes() throws IOException {
        ShuffleSpec summing = new ShuffleSpec(1, sum(), KeyGrouping.WHOLE);
        try (MapOutputBuffer buffer = buffer(summing)) {
            for (int i = 0; i < 300_000; i++) {
                byte[] key = bytes("key" + i % 100_000);
                buffer.add(0, key, 0, key.length, Values.LONG.bytes(1), 0, 8);
            }
            MapOutput output = buffer.finish();
            assertThat(output.inMemory()).isFalse();
            assertThat(buffer.recordsOut())
                    .isEqualTo(100_000)
                    .isEqualTo(output.index().records());
            assertThat(buffer.combined()).isEqualTo(200_000);
            assertThat(buffer.bytesOut()).isEqualTo(100_000 * 16L - 10 * 4 - 90 * 3 - 900 * 2 - 9_000);
            assertThat(buffer.spills()).isGreaterThan(10);
            assertThat(buffer.spilledBytes()).isPositive();
            assertThat(filesUnder(directory)).hasSize(1);
        }
    }

    @Test
    void outputBytesDoNotDependOnHowOftenItSpilled() throws IOException {
        List<Rec> records = records(30_000, 60);
        MapOutput spilled = output(records, PLAIN, SMALL_BLOCKS, LEAST, directory.resolve("a"));
        MapOutput direct = output(records, PLAIN, SMALL_BLOCKS, 64 * LEAST, directory.resolve("b"));
        assertThat(spilled.inMemory()).isFalse();
        assertThat(direct.inMemory()).isTrue();
        for (int p = 0; p < 3; p++) {
            assertThat(spilled.index().records(p)).isEqualTo(direct.index().records(p));
            assertThat(spilled.index().rawBytes(p)).isEqualTo(direct.index().rawBytes(p));
            assertThat(spilled.index().crc(p)).isNotZero();
        }
    }

    @Test
    void valuesOfAnyWidthSpillAndFoldAgainInTheMerge() throws IOException {
        Combiner<String> longest = (left, right) -> left.length() >= right.length() ? left : right;
        ShuffleSpec spec = new ShuffleSpec(1, ValueFold.of(longest, Values.TEXT), KeyGrouping.WHOLE);
        try (MapOutputBuffer buffer = buffer(spec)) {
            for (int length = 1; length <= 400; length++) {
                byte[] value = new byte[length];
                for (int k = 0; k < 100; k++) {
                    byte[] key = bytes("k" + k);
                    buffer.add(0, key, 0, key.length, value, 0, length);
                }
            }
            // Then enough other keys to spill between two rounds of the same ones.
            for (int i = 0; i < 40_000; i++) {
                byte[] key = bytes("other" + i % 20_000);
                buffer.add(0, key, 0, key.length, new byte[i % 50], 0, i % 50);
            }
            MapOutput output = buffer.finish();
            assertThat(buffer.spills()).isPositive();
            assertThat(output.index().records()).isEqualTo(20_100);
        }
    }

    @Test
    void takesKeysAndValuesLargerThanAPageAndBlock() throws IOException {
        Random random = new Random(5);
        List<Rec> records = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            records.add(new Rec(0, randomBytes(random, i % 4 == 0 ? 900_000 : 5), randomBytes(random, 1_100_000)));
            records.add(new Rec(0, bytes("same"), randomBytes(random, 3)));
            records.add(new Rec(0, new byte[300_000 + i % 3], new byte[0]));
        }
        ShuffleSpec one = new ShuffleSpec(1, null, KeyGrouping.WHOLE);
        for (long memory : new long[] {8 * LEAST, 256 * LEAST}) {
            MapOutput output = output(records, one, ShuffleSettings.defaults(), memory, directory.resolve("m"));
            assertThat(groups(
                            List.of(output.segment(0)),
                            one,
                            ShuffleSettings.defaults(),
                            memory,
                            directory.resolve("r")))
                    .isEqualTo(model(List.of(records), 0));
            output.delete();
        }
    }

    @Test
    void refusesARecordLargerThanItsShareOfMemoryAndNamesTheSizes() {
        try (MapOutputBuffer buffer = buffer(PLAIN)) {
            byte[] value = new byte[2_000_000];
            assertThatThrownBy(() -> buffer.add(0, bytes("key"), 0, 3, value, 0, value.length))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE))
                    .hasMessageContaining("2000000 bytes value")
                    .hasMessageContaining("1048576");
        }
    }

    @Test
    void refusesAPartitionOutOfRange() {
        try (MapOutputBuffer buffer = buffer(PLAIN)) {
            for (int partition : new int[] {-1, 3}) {
                assertThatThrownBy(() -> buffer.add(partition, bytes("key"), 0, 3, bytes("v"), 0, 1))
                        .isInstanceOfSatisfying(
                                SampoException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_OUT_OF_RANGE));
            }
        }
    }

    @Test
    void refusesACodecOfAnotherLayoutThanTheCombinerFolds() throws IOException {
        // A sum of unflipped numbers overflows inside fold; a minimum of numbers of both signs is another one.
        refusesTheFoldOf(Combiners.sumLong(), 1, 2, "threw java.lang.ArithmeticException");
        refusesTheFoldOf(Combiners.minLong(), -1, 2, "made 0000000000000002");
    }

    private void refusesTheFoldOf(Combiner<Long> combiner, long left, long right, String message) throws IOException {
        try (MapOutputBuffer buffer =
                buffer(new ShuffleSpec(1, ValueFold.of(combiner, Values.UNFLIPPED), KeyGrouping.WHOLE))) {
            buffer.add(0, bytes("key"), 0, 3, Values.UNFLIPPED.bytes(left), 0, 8);
            assertThatThrownBy(() -> buffer.add(0, bytes("key"), 0, 3, Values.UNFLIPPED.bytes(right), 0, 8))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_INVALID))
                    .hasMessageContaining(message);
        }
    }

    @Test
    void refusesACombinerThatReturnsNull() throws IOException {
        Combiner<String> combiner = (left, right) -> left.isEmpty() ? left : nothing();
        try (MapOutputBuffer buffer =
                buffer(new ShuffleSpec(1, ValueFold.of(combiner, Values.TEXT), KeyGrouping.WHOLE))) {
            buffer.add(0, bytes("key"), 0, 3, bytes("a"), 0, 1);
            assertThatThrownBy(() -> buffer.add(0, bytes("key"), 0, 3, bytes("b"), 0, 1))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NULL_EMITTED));
        }
    }

    @SuppressWarnings("NullAway") // A job may well do this; the test is about what happens then.
    private static String nothing() {
        return null;
    }

    @Test
    void namesTheDirectoryItCannotWriteTo() throws IOException {
        Path file = Files.writeString(directory.resolve("occupied"), "a file where a directory is expected");
        Path below = file.resolve("attempt");
        assertThatThrownBy(() -> output(records(20_000, 100), PLAIN, SMALL_BLOCKS, LEAST, below))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SPILL_FAILED))
                .hasMessageContaining(below.toString());
    }

    @Test
    void reportsASpillThatWasDamagedOrRemoved() throws IOException {
        for (boolean remove : new boolean[] {true, false}) {
            Path attempt = directory.resolve("damaged" + remove);
            try (MapOutputBuffer buffer = new MapOutputBuffer(PLAIN, SMALL_BLOCKS, LEAST, attempt, "x")) {
                ShuffleFixture.addAll(buffer, records(20_000, 100));
                Path spill = filesUnder(attempt).get(0);
                if (remove) {
                    Files.delete(spill);
                } else {
                    byte[] content = Files.readAllBytes(spill);
                    content[content.length / 3] ^= 1;
                    Files.write(spill, content);
                }
                assertThatThrownBy(buffer::finish)
                        .isInstanceOfSatisfying(
                                SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
                        .hasMessageContaining(spill.toString());
            }
            assertThat(filesUnder(attempt)).isEmpty();
        }
    }

    @Test
    void leavesNoFileBehindWhenItIsClosedOrInterrupted() throws IOException {
        Path attempt = directory.resolve("attempt");
        try (MapOutputBuffer buffer = new MapOutputBuffer(PLAIN, SMALL_BLOCKS, LEAST, attempt, "x")) {
            ShuffleFixture.addAll(buffer, records(20_000, 100));
            assertThat(filesUnder(attempt)).isNotEmpty();
        }
        assertThat(attempt).doesNotExist();

        try (MapOutputBuffer buffer = new MapOutputBuffer(PLAIN, SMALL_BLOCKS, LEAST, attempt, "x")) {
            ShuffleFixture.addAll(buffer, records(20_000, 100));
            Thread.currentThread().interrupt();
            assertThatThrownBy(buffer::finish).isInstanceOf(ClosedByInterruptException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(attempt).doesNotExist();
    }

    @Test
    void refusesUseAfterTheEnd() throws IOException {
        MapOutputBuffer buffer = buffer(PLAIN);
        buffer.finish();
        buffer.close();
        buffer.close();
        assertThatThrownBy(() -> buffer.add(0, bytes("k"), 0, 1, bytes("v"), 0, 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(buffer::finish).isInstanceOf(IllegalStateException.class);
    }

    private MapOutputBuffer buffer(ShuffleSpec spec) {
        return new MapOutputBuffer(spec, SMALL_BLOCKS, LEAST, directory, "attempt");
    }

    private static ValueFold sum() {
        return ValueFold.of(Combiners.sumLong(), Values.LONG);
    }

    private static List<Rec> records(int count, int valueBytes) {
        Random random = new Random(count);
        return IntStream.range(0, count)
                .mapToObj(i -> new Rec(i % 3, bytes("key" + random.nextInt(count)), randomBytes(random, valueBytes)))
                .toList();
    }
}
