package dev.sampo.internal.shuffle;

import java.util.Arrays;

/**
 * Sorts record pointers by (partition, key bytes, pointer), in place: an American flag sort (McIlroy, Bostic and McIlroy,
 * "Engineering Radix Sort", 1993, section 3) on cached words of eight key bytes, which are loaded again eight bytes
 * further on where they do not decide (the caching of Ng and Kakehi, "Cache Efficient Radix Sort for String Sorting",
 * 2007). Small ranges are sorted by insertion.
 *
 * <p>An entry is two longs side by side: the word, unsigned, and the pointer.
 */
final class RecordSort {
    private static final int SMALL = 24;
    private static final int BUCKETS = 256;

    private final RecordPages pages;
    private final long[] entries;
    /** Bucket ends by depth of recursion; kept, so that sorting makes no garbage. */
    private int[][] ends = new int[8][];

    private final int[] heads = new int[BUCKETS];

    RecordSort(RecordPages pages, long[] entries) {
        this.pages = pages;
        this.entries = entries;
    }

    /** Sorts the first {@code count} entries, whose words are the key prefixes. */
    void sort(int count, int partitions) {
        if (partitions == 1) {
            sortKeys(0, count, 0, 0);
            return;
        }
        int[] starts = new int[partitions];
        int[] limits = new int[partitions];
        for (int i = 0; i < count; i++) {
            limits[RecordPages.partition(entries[2 * i + 1])]++;
        }
        int sum = 0;
        for (int p = 0; p < partitions; p++) {
            starts[p] = sum;
            sum += limits[p];
            limits[p] = sum;
        }
        for (int p = 0; p < partitions; p++) {
            while (starts[p] < limits[p]) {
                int i = 2 * starts[p];
                long word = entries[i];
                long pointer = entries[i + 1];
                int home = RecordPages.partition(pointer);
                while (home != p) {
                    int j = 2 * starts[home]++;
                    long otherWord = entries[j];
                    long otherPointer = entries[j + 1];
                    entries[j] = word;
                    entries[j + 1] = pointer;
                    word = otherWord;
                    pointer = otherPointer;
                    home = RecordPages.partition(pointer);
                }
                entries[i] = word;
                entries[i + 1] = pointer;
                starts[p]++;
            }
        }
        int from = 0;
        for (int p = 0; p < partitions; p++) {
            sortKeys(from, limits[p], 0, 0);
            from = limits[p];
        }
    }

    /** Sorts a range of one partition whose keys agree before {@code depth}, the position of the words in the keys. */
    private void sortKeys(int from, int to, int depth, int level) {
        int low = from;
        int high = to;
        int skipped = depth;
        while (high - low > SMALL) {
            long first = entries[2 * low];
            long differing = 0;
            for (int i = low + 1; i < high; i++) {
                differing |= entries[2 * i] ^ first;
            }
            if (differing == 0) {
                low = settleEnded(low, high, skipped, level);
                skipped += Long.BYTES;
                reload(low, high, skipped);
                continue;
            }
            int shift = Math.max(0, 56 - Long.numberOfLeadingZeros(differing));
            int[] limits = distribute(low, high, shift, level);
            // The largest bucket is next in this loop, so the depth of recursion stays below log2 of the range.
            int largest = 0;
            int largestFrom = low;
            int start = low;
            for (int b = 0; b < BUCKETS; b++) {
                if (limits[b] - start > limits[largest] - largestFrom || b == 0) {
                    largest = b;
                    largestFrom = start;
                }
                start = limits[b];
            }
            start = low;
            for (int b = 0; b < BUCKETS; b++) {
                if (b != largest && limits[b] - start > 1) {
                    sortKeys(start, limits[b], skipped, level + 1);
                }
                start = limits[b];
            }
            high = limits[largest];
            low = largestFrom;
        }
        sortSmall(low, high, skipped);
    }

    /** Puts a range in the order of eight bits of the words; all higher bits agree. Returns the ends of the buckets. */
    private int[] distribute(int low, int high, int shift, int level) {
        if (level == ends.length) {
            ends = Arrays.copyOf(ends, level * 2);
        }
        int[] limits = ends[level];
        if (limits == null) {
            limits = new int[BUCKETS];
            ends[level] = limits;
        } else {
            Arrays.fill(limits, 0);
        }
        for (int i = low; i < high; i++) {
            limits[(int) (entries[2 * i] >>> shift) & 0xFF]++;
        }
        int sum = low;
        for (int b = 0; b < BUCKETS; b++) {
            heads[b] = sum;
            sum += limits[b];
            limits[b] = sum;
        }
        for (int b = 0; b < BUCKETS; b++) {
            int limit = limits[b];
            while (heads[b] < limit) {
                int i = 2 * heads[b];
                long word = entries[i];
                long pointer = entries[i + 1];
                int home = (int) (word >>> shift) & 0xFF;
                while (home != b) {
                    int j = 2 * heads[home]++;
                    long otherWord = entries[j];
                    long otherPointer = entries[j + 1];
                    entries[j] = word;
                    entries[j + 1] = pointer;
                    word = otherWord;
                    pointer = otherPointer;
                    home = (int) (word >>> shift) & 0xFF;
                }
                entries[i] = word;
                entries[i + 1] = pointer;
                heads[b]++;
            }
        }
        return limits;
    }

    /**
     * In a range of equal words, moves the keys that end within the word to the front, in the order (length, pointer),
     * and returns where the longer ones begin: a key that ends there is a prefix of those, padding apart.
     */
    private int settleEnded(int low, int high, int depth, int level) {
        int ended = low;
        for (int i = low; i < high; i++) {
            long pointer = entries[2 * i + 1];
            int rest = keyLength(pointer) - depth;
            if (rest <= Long.BYTES) {
                entries[2 * i] = entries[2 * ended];
                entries[2 * i + 1] = entries[2 * ended + 1];
                // Words that differ in every entry, so that this sort never comes here again.
                entries[2 * ended] = (long) rest << 40 | RecordPages.address(pointer);
                entries[2 * ended + 1] = pointer;
                ended++;
            }
        }
        if (!ascending(low, ended)) {
            sortKeys(low, ended, depth, level);
        }
        return ended;
    }

    private boolean ascending(int low, int high) {
        for (int i = low + 1; i < high; i++) {
            if (entries[2 * i - 2] > entries[2 * i]) {
                return false;
            }
        }
        return true;
    }

    private void reload(int low, int high, int depth) {
        for (int i = low; i < high; i++) {
            long pointer = entries[2 * i + 1];
            byte[] page = pages.page(pointer);
            int offset = RecordPages.offset(pointer);
            int length = (int) KeyOrder.INT.get(page, offset);
            entries[2 * i] = KeyOrder.prefix(page, offset + RecordPages.HEADER_BYTES + depth, length - depth);
        }
    }

    private void sortSmall(int low, int high, int depth) {
        for (int i = low + 1; i < high; i++) {
            long word = entries[2 * i];
            long pointer = entries[2 * i + 1];
            int j = i - 1;
            while (j >= low && isGreater(entries[2 * j], entries[2 * j + 1], word, pointer, depth)) {
                entries[2 * j + 2] = entries[2 * j];
                entries[2 * j + 3] = entries[2 * j + 1];
                j--;
            }
            entries[2 * j + 2] = word;
            entries[2 * j + 3] = pointer;
        }
    }

    private boolean isGreater(long leftWord, long left, long rightWord, long right, int depth) {
        if (leftWord != rightWord) {
            return Long.compareUnsigned(leftWord, rightWord) > 0;
        }
        byte[] leftPage = pages.page(left);
        byte[] rightPage = pages.page(right);
        int leftOffset = RecordPages.offset(left);
        int rightOffset = RecordPages.offset(right);
        int order = KeyOrder.compareFrom(
                depth + Long.BYTES,
                leftPage,
                leftOffset + RecordPages.HEADER_BYTES,
                (int) KeyOrder.INT.get(leftPage, leftOffset),
                rightPage,
                rightOffset + RecordPages.HEADER_BYTES,
                (int) KeyOrder.INT.get(rightPage, rightOffset));
        return order != 0 ? order > 0 : left > right;
    }

    private int keyLength(long pointer) {
        return (int) KeyOrder.INT.get(pages.page(pointer), RecordPages.offset(pointer));
    }
}
