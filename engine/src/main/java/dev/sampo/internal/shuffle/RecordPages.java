package dev.sampo.internal.shuffle;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The memory of one attempt's records: pages that are filled one after the other and used again after a spill. A record
 * lies in one page; one that is larger than a page has a page of its own.
 *
 * <p>A record in its page: key length (int), value length (int), key, value. A record pointer is one word: 24 bits
 * partition, 20 bits page, 20 bits offset. Pointers of one partition ascend in the order of allocation and are never 0.
 */
final class RecordPages {
    static final int LARGEST_PAGE = 1 << 20;
    static final int SMALLEST_PAGE = 16 << 10;
    static final int HEADER_BYTES = 8;

    private static final int OFFSET_BITS = 20;
    private static final int PARTITION_SHIFT = 40;
    private static final int LARGEST_INDEX = (1 << (PARTITION_SHIFT - OFFSET_BITS)) - 1;
    private static final long ADDRESS_MASK = (1L << PARTITION_SHIFT) - 1;

    private final int pageBytes;
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();
    private byte[][] pages = new byte[16][];
    /** The page being filled; page 0 is never used, so that no pointer is 0. */
    private int current;

    private int position;
    private long held;

    RecordPages(int pageBytes) {
        this.pageBytes = pageBytes;
        pages[0] = new byte[0];
        this.position = pageBytes;
    }

    static int partition(long pointer) {
        return (int) (pointer >>> PARTITION_SHIFT);
    }

    static int offset(long pointer) {
        return (int) pointer & (LARGEST_PAGE - 1);
    }

    static long address(long pointer) {
        return pointer & ADDRESS_MASK;
    }

    byte[] page(long pointer) {
        return pages[(int) (pointer >>> OFFSET_BITS) & LARGEST_INDEX];
    }

    /** Returns the bytes of all pages, spare ones too. */
    long held() {
        return held;
    }

    /** Returns how many bytes more would be held after taking {@code bytes}; -1 when there is no pointer for them. */
    long cost(int bytes) {
        if (bytes <= pageBytes - position) {
            return 0;
        }
        if (current == LARGEST_INDEX) {
            return -1;
        }
        if (bytes > pageBytes) {
            return bytes;
        }
        return spare.isEmpty() ? pageBytes : 0;
    }

    /** Takes {@code bytes} and returns the pointer to them; the caller has asked for the cost. */
    long allocate(int partition, int bytes) {
        if (bytes > pageBytes - position) {
            byte[] next = bytes > pageBytes ? null : spare.pollLast();
            if (next == null) {
                next = new byte[Math.max(bytes, pageBytes)];
                held += next.length;
            }
            current++;
            if (current == pages.length) {
                pages = Arrays.copyOf(pages, Math.min(LARGEST_INDEX + 1, current * 2));
            }
            pages[current] = next;
            position = 0;
        }
        long pointer = (long) partition << PARTITION_SHIFT | (long) current << OFFSET_BITS | position;
        // An own page is full at once: what comes later must have a larger pointer.
        position = bytes > pageBytes ? pageBytes : position + bytes;
        return pointer;
    }

    /** Forgets all records and keeps the pages for the next ones. */
    void reset() {
        for (int i = 1; i <= current; i++) {
            byte[] page = pages[i];
            if (page.length == pageBytes) {
                spare.addLast(page);
            } else {
                held -= page.length;
            }
        }
        Arrays.fill(pages, 1, current + 1, pages[0]);
        current = 0;
        position = pageBytes;
    }

    /** Gives pages back that no record lies in. */
    void dropSpare() {
        held -= (long) spare.size() * pageBytes;
        spare.clear();
    }
}
