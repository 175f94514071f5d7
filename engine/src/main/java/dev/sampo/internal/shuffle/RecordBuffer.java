package dev.sampo.internal.shuffle;

import java.io.IOException;
import java.util.Arrays;

/** Holds records as they come: pages, and an array of (key prefix, pointer) that is sorted on output. */
final class RecordBuffer implements RecordCollector {
    private static final int FIRST_ENTRIES = 1 << 9;
    private static final int ENTRY_BYTES = 16;
    private static final int MOST_ENTRIES = (Integer.MAX_VALUE - 8) / 2;

    private final int partitions;
    private final long limit;
    private final RecordPages pages;
    private long[] entries = new long[2 * FIRST_ENTRIES];
    private int count;
    private long encodedBytes;

    RecordBuffer(int partitions, long limit, int pageBytes) {
        this.partitions = partitions;
        this.limit = limit;
        this.pages = new RecordPages(pageBytes);
    }

    @Override
    public boolean add(
            int partition,
            long hash,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength) {
        if (2 * count == entries.length && !grow()) {
            return false;
        }
        int size = RecordPages.HEADER_BYTES + keyLength + valueLength;
        long cost = pages.cost(size);
        if (cost != 0 && !hasRoom(cost)) {
            return false;
        }
        long pointer = pages.allocate(partition, size);
        byte[] page = pages.page(pointer);
        int at = RecordPages.offset(pointer);
        KeyOrder.INT.set(page, at, keyLength);
        KeyOrder.INT.set(page, at + 4, valueLength);
        System.arraycopy(key, keyOffset, page, at + RecordPages.HEADER_BYTES, keyLength);
        System.arraycopy(value, valueOffset, page, at + RecordPages.HEADER_BYTES + keyLength, valueLength);
        int entry = 2 * count++;
        entries[entry] = KeyOrder.prefix(key, keyOffset, keyLength);
        entries[entry + 1] = pointer;
        encodedBytes += BlockFormat.encodedBytes(keyLength, valueLength);
        return true;
    }

    private boolean hasRoom(long cost) {
        if (cost >= 0 && held() + cost <= limit) {
            return true;
        }
        pages.dropSpare();
        if (count == 0 && held() + cost > limit) {
            entries = new long[2 * FIRST_ENTRIES];
        }
        return cost >= 0 && held() + cost <= limit;
    }

    private boolean grow() {
        int capacity = entries.length / 2;
        // By half when large: old and new array are held at once, and both count.
        long next = Math.min(MOST_ENTRIES, capacity < (1 << 16) ? 2L * capacity : capacity + capacity / 2L);
        if (next == capacity || held() + next * ENTRY_BYTES > limit) {
            return false;
        }
        entries = Arrays.copyOf(entries, (int) next * 2);
        return true;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long encodedBytes() {
        return encodedBytes;
    }

    @Override
    public long held() {
        return pages.held() + 8L * entries.length;
    }

    @Override
    public void drain(RunWriter out) throws IOException {
        new RecordSort(pages, entries).sort(count, partitions);
        write(pages, entries, count, out);
    }

    /** Writes records in the order of their entries. */
    static void write(RecordPages pages, long[] entries, int count, RunWriter out) throws IOException {
        for (int i = 0; i < count; i++) {
            long pointer = entries[2 * i + 1];
            byte[] page = pages.page(pointer);
            int at = RecordPages.offset(pointer);
            int keyLength = (int) KeyOrder.INT.get(page, at);
            int valueLength = (int) KeyOrder.INT.get(page, at + 4);
            int key = at + RecordPages.HEADER_BYTES;
            out.record(RecordPages.partition(pointer), page, key, keyLength, page, key + keyLength, valueLength);
        }
    }

    @Override
    public void reset() {
        pages.reset();
        count = 0;
        encodedBytes = 0;
    }
}
