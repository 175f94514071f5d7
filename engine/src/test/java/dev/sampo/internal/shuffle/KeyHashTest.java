package dev.sampo.internal.shuffle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;

class KeyHashTest {
    @Test
    void hasThePublishedValuesOfXxh64() {
        assertThat(hash("")).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(hash("a")).isEqualTo(0xD24EC4F1A98C6E5BL);
        assertThat(hash("abc")).isEqualTo(0x44BC2CF5AD770999L);
        assertThat(hash("Nobody inspects the spammish repetition")).isEqualTo(0xFBCEA83C8A378BF1L);
    }

    @Test
    void agreesWithAnotherImplementationAtEveryLengthAndOffset() {
        long seed = 20261122;
        byte[] bytes = ShuffleFixture.randomBytes(new Random(seed), 300);
        for (int offset = 0; offset < 9; offset++) {
            for (int length = 0; length <= 280; length++) {
                long expected = XXHashFactory.safeInstance().hash64().hash(bytes, offset, length, 0);
                assertThat(KeyHash.hash(bytes, offset, length))
                        .as("seed %s, offset %s, length %s", seed, offset, length)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void keepsThePartitionsOfKeysForEver() {
        assertThat(KeyHash.partition(hash("a"), 1)).isZero();
        assertThat(KeyHash.partition(hash("a"), 7)).isEqualTo((int) Math.floorMod(0xD24EC4F1A98C6E5BL, 7L));
        assertThat(KeyHash.partition(-1, 7)).isEqualTo(6);
        assertThat(KeyHash.partition(Long.MIN_VALUE, 8)).isZero();
    }

    @Test
    void partitionIsInRangeForEveryHash() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            int partitions = 1 + random.nextInt(ShuffleSpec.MAX_PARTITIONS);
            assertThat(KeyHash.partition(random.nextLong(), partitions)).isBetween(0, partitions - 1);
        }
        for (long extreme : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
            assertThat(KeyHash.partition(extreme, 1000)).isBetween(0, 999);
        }
    }

    @Test
    void spreadsSimilarKeysEvenly() {
        int[] counts = new int[97];
        for (int i = 0; i < 970_000; i++) {
            counts[KeyHash.partition(hash("user-" + i), counts.length)]++;
        }
        // A binomial share of 10,000 has a deviation of 100.
        for (int count : counts) {
            assertThat(count).isBetween(9_500, 10_500);
        }
    }

    private static long hash(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return KeyHash.hash(bytes, 0, bytes.length);
    }
}
