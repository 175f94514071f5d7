package dev.sampo.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RangeBoundariesTest {
    @Test
    void sharesDistinctKeysOutEvenly() {
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            keys.add(bytes(String.format("%04d", (i * 7) % 1_000)));
        }
        int[] load = load(RangeBoundaries.choose(keys, 8), keys, 8);
        assertThat(load).containsOnly(125);
    }

    @Test
    void heavyKeyGetsAPartitionOfItsOwnAndTheRestIsSharedOut() {
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            keys.add(bytes("m"));
        }
        for (int i = 0; i < 50; i++) {
            keys.add(bytes("a" + i));
            keys.add(bytes("z" + i));
        }
        RangeBoundaries boundaries = RangeBoundaries.choose(keys, 4);
        assertThat(load(boundaries, keys, 4)).containsExactly(50, 900, 25, 25);
    }

    @Test
    void fewDistinctKeysLeaveTheLastPartitionsEmpty() {
        List<byte[]> keys = List.of(bytes("a"), bytes("b"), bytes("a"), bytes("b"));
        RangeBoundaries boundaries = RangeBoundaries.choose(keys, 5);
        assertThat(boundaries.keys()).containsExactly(bytes("b"));
        assertThat(load(boundaries, keys, 5)).containsExactly(2, 2, 0, 0, 0);
        assertThat(RangeBoundaries.choose(List.of(bytes("a"), bytes("a")), 3)).isEqualTo(RangeBoundaries.NONE);
        assertThat(RangeBoundaries.choose(List.of(), 3)).isEqualTo(RangeBoundaries.NONE);
    }

    @Test
    void ordersBytesUnsignedAndLooksAtThePartOfTheArrayOnly() {
        RangeBoundaries boundaries = new RangeBoundaries(List.of(new byte[] {0x7F}, new byte[] {(byte) 0x80, 1}));
        assertThat(boundaries.partitionOf(new byte[] {0x7E}, 0, 1)).isZero();
        assertThat(boundaries.partitionOf(new byte[] {0x7F}, 0, 1)).isEqualTo(1);
        assertThat(boundaries.partitionOf(new byte[] {(byte) 0x80}, 0, 1)).isEqualTo(1);
        assertThat(boundaries.partitionOf(new byte[] {0, (byte) 0x80, 1, 9}, 1, 2))
                .isEqualTo(2);
        assertThat(boundaries.partitionOf(new byte[0], 0, 0)).isZero();
    }

    @Test
    void everyRangeOfARandomSampleHasKeysAndKeepsTheirOrder() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int partitions = 1 + random.nextInt(12);
            List<byte[]> keys = new ArrayList<>();
            for (int i = random.nextInt(60); i > 0; i--) {
                byte[] key = new byte[random.nextInt(3)];
                random.nextBytes(key);
                keys.add(key);
            }
            RangeBoundaries boundaries = RangeBoundaries.choose(keys, partitions);
            assertThat(boundaries.keys().size()).as("seed %s", seed).isLessThan(partitions);
            int[] load = load(boundaries, keys, partitions);
            for (int range = 0; range <= boundaries.keys().size() && !keys.isEmpty(); range++) {
                assertThat(load[range]).as("seed %s range %s", seed, range).isPositive();
            }
            keys.sort(Arrays::compareUnsigned);
            int last = 0;
            for (byte[] key : keys) {
                int partition = boundaries.partitionOf(key, 0, key.length);
                assertThat(partition).as("seed %s", seed).isGreaterThanOrEqualTo(last);
                last = partition;
            }
        }
    }

    @Test
    void refusesKeysThatDoNotAscend() {
        List<byte[]> keys = List.of(bytes("b"), bytes("b"));
        assertThatThrownBy(() -> new RangeBoundaries(keys))
                .hasMessage("range boundary 1 is not above the one before it; expected ascending keys");
    }

    private static int[] load(RangeBoundaries boundaries, List<byte[]> keys, int partitions) {
        int[] load = new int[partitions];
        keys.forEach(key -> load[boundaries.partitionOf(key, 0, key.length)]++);
        return load;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
