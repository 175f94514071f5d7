package dev.sampo.internal.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where a range partitioner cuts the keys. Partition {@code p} holds the keys with {@code p} boundaries at or below
 * them, in the unsigned order of their bytes, so that the partitions in order are the keys in order.
 *
 * @param keys ascending, each once; one less than the partitions that get keys
 */
public record RangeBoundaries(List<byte[]> keys) implements Serializable {
    /** No boundary: everything is partition 0. */
    public static final RangeBoundaries NONE = new RangeBoundaries(List.of());

    /** Copies and checks the keys. */
    public RangeBoundaries {
        keys = List.copyOf(keys);
        for (int i = 1; i < keys.size(); i++) {
            if (Arrays.compareUnsigned(keys.get(i - 1), keys.get(i)) >= 0) {
                throw new IllegalArgumentException(
                        "range boundary " + i + " is not above the one before it; expected ascending keys");
            }
        }
    }

    /**
     * Chooses boundaries that share a sample out evenly. All copies of a key fall on one side of a boundary, so a key
     * that makes up more than its share gets a partition of its own and the rest is shared out among the others; no
     * range is empty of sampled keys. Fewer distinct keys than partitions give fewer boundaries, and the last
     * partitions stay empty.
     *
     * @param sample keys in any order
     * @param partitions at least 1
     */
    public static RangeBoundaries choose(List<byte[]> sample, int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException(partitions + " partitions; expected at least 1");
        }
        byte[][] sorted = sample.toArray(byte[][]::new);
        Arrays.sort(sorted, Arrays::compareUnsigned);
        List<byte[]> boundaries = new ArrayList<>();
        int start = 0;
        for (int left = partitions; left > 1 && start < sorted.length; left--) {
            int cut = cutNear(sorted, start, start + (double) (sorted.length - start) / left);
            if (cut == sorted.length) {
                break;
            }
            boundaries.add(sorted[cut].clone());
            start = cut;
        }
        return new RangeBoundaries(boundaries);
    }

    /** Returns the place where the key changes, after {@code start}, that is nearest to {@code ideal}. */
    private static int cutNear(byte[][] sorted, int start, double ideal) {
        int at = Math.min(sorted.length - 1, Math.max(start, (int) Math.round(ideal)));
        byte[] key = sorted[at];
        int before = firstAtOrAbove(sorted, start, key);
        int after = firstAbove(sorted, at, key);
        return before > start && ideal - before <= after - ideal ? before : after;
    }

    private static int firstAtOrAbove(byte[][] sorted, int from, byte[] key) {
        int low = from;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(sorted[middle], key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int firstAbove(byte[][] sorted, int from, byte[] key) {
        int low = from;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(sorted[middle], key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Returns the partition of the key in {@code length} bytes of {@code bytes} from {@code offset}. */
    public int partitionOf(byte[] bytes, int offset, int length) {
        int low = 0;
        int high = keys.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            byte[] boundary = keys.get(middle);
            if (Arrays.compareUnsigned(boundary, 0, boundary.length, bytes, offset, offset + length) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RangeBoundaries that && Arrays.deepEquals(keys.toArray(), that.keys.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(keys.toArray());
    }

    @Override
    public String toString() {
        return "RangeBoundaries[" + keys.size() + " keys]";
    }
}
