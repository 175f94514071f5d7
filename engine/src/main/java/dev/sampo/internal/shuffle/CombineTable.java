package dev.sampo.internal.shuffle;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Holds one value per (partition, key): a hash table with open addressing over the bytes of the keys. A slot is two
 * longs side by side, the whole hash and the record pointer, so that a probe touches the record only when all 64 bits of
 * the hash agree. Values of fixed width are folded where they lie; others are written over the old ones where they fit,
 * else behind the last record, and the old bytes are lost until the next {@link #reset}.
 *
 * <p>When it is drained, the slots become the entries of the sort, in place.
 */
final class CombineTable implements RecordCollector {
    private static final int FIRST_SLOTS = 1 << 10;
    private static final int MOST_SLOTS = 1 << 29;
    private static final int SLOT_BYTES = 16;
    /** Bytes before a record of varying width: the bytes its value may take. */
    private static final int CAPACITY_BYTES = 4;

    private final ValueFold fold;
    private final int partitions;
    private final long limit;
    private final RecordPages pages;
    private long[] slots = new long[2 * FIRST_SLOTS];
    private int shift = Long.SIZE - Integer.numberOfTrailingZeros(FIRST_SLOTS);
    private int count;
    private long encodedBytes;

    CombineTable(ValueFold fold, int partitions, long limit, int pageBytes) {
        this.fold = fold;
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
        long[] table = slots;
        int mask = table.length - 1;
        int slot = (int) (hash >>> shift) * 2;
        while (true) {
            long pointer = table[slot + 1];
            if (pointer == 0) {
                break;
            }
            if (table[slot] == hash && RecordPages.partition(pointer) == partition) {
                byte[] page = pages.page(pointer);
                int at = RecordPages.offset(pointer);
                int length = (int) KeyOrder.INT.get(page, at);
                int start = at + RecordPages.HEADER_BYTES;
                if (KeyOrder.same(page, start, length, key, keyOffset, keyLength)) {
                    return fold(slot, page, at, start + length, value, valueOffset, valueLength);
                }
            }
            slot = (slot + 2) & mask;
        }
        return insert(slot, partition, hash, key, keyOffset, keyLength, value, valueOffset, valueLength);
    }

    private boolean fold(
            int slot, byte[] page, int at, int accumulator, byte[] value, int valueOffset, int valueLength) {
        if (fold instanceof FixedWidthFold fixed) {
            if (valueLength != fixed.width()) {
                fixed.requireWidth(valueLength);
            }
            fixed.fold(page, accumulator, value, valueOffset);
            return true;
        }
        CodecFold general = (CodecFold) fold;
        int oldLength = (int) KeyOrder.INT.get(page, at + 4);
        general.fold(page, accumulator, oldLength, value, valueOffset, valueLength);
        int keyLength = (int) KeyOrder.INT.get(page, at);
        int length = general.length();
        if (length <= (int) KeyOrder.INT.get(page, at - CAPACITY_BYTES)) {
            System.arraycopy(general.array(), 0, page, accumulator, length);
            KeyOrder.INT.set(page, at + 4, length);
        } else {
            requireFits(keyLength, length);
            // Half as much again, so that a value that grows steadily is moved seldom.
            int capacity = (int) Math.min(length + length / 2L, Math.max(length, limit / 3 - keyLength));
            int partition = RecordPages.partition(slots[slot + 1]);
            int keyAt = at + RecordPages.HEADER_BYTES;
            long moved = store(partition, page, keyAt, keyLength, general.array(), 0, length, capacity);
            if (moved == 0) {
                return false;
            }
            slots[slot + 1] = moved;
        }
        encodedBytes += BlockFormat.encodedBytes(keyLength, length) - BlockFormat.encodedBytes(keyLength, oldLength);
        return true;
    }

    private void requireFits(int keyLength, int valueLength) {
        if ((long) keyLength + valueLength > limit / 3) {
            throw new SampoException(
                    ErrorCode.RECORD_TOO_LARGE,
                    "combining made a record of " + keyLength + " bytes key and " + valueLength
                            + " bytes value; expected at most " + limit / 3
                            + " bytes, a third of the memory of an attempt");
        }
    }

    private boolean insert(
            int freeSlot,
            int partition,
            long hash,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength) {
        if (fold instanceof FixedWidthFold fixed) {
            fixed.requireWidth(valueLength);
        }
        int slot = freeSlot;
        // Three slots of four at most are taken.
        if (8L * (count + 1) > 3L * slots.length) {
            if (!grow()) {
                return false;
            }
            slot = freeSlot(hash);
        }
        long pointer = store(partition, key, keyOffset, keyLength, value, valueOffset, valueLength, valueLength);
        if (pointer == 0) {
            return false;
        }
        slots[slot] = hash;
        slots[slot + 1] = pointer;
        count++;
        encodedBytes += BlockFormat.encodedBytes(keyLength, valueLength);
        return true;
    }

    /** Writes a record and returns its pointer, or 0 when there is no room. */
    private long store(
            int partition,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength,
            int valueCapacity) {
        int lead = fold instanceof FixedWidthFold ? 0 : CAPACITY_BYTES;
        int size = lead + RecordPages.HEADER_BYTES + keyLength + valueCapacity;
        long cost = pages.cost(size);
        if (cost != 0 && !hasRoom(cost)) {
            return 0;
        }
        long pointer = pages.allocate(partition, size);
        byte[] page = pages.page(pointer);
        int at = RecordPages.offset(pointer) + lead;
        if (lead != 0) {
            KeyOrder.INT.set(page, at - CAPACITY_BYTES, valueCapacity);
        }
        KeyOrder.INT.set(page, at, keyLength);
        KeyOrder.INT.set(page, at + 4, valueLength);
        System.arraycopy(key, keyOffset, page, at + RecordPages.HEADER_BYTES, keyLength);
        System.arraycopy(value, valueOffset, page, at + RecordPages.HEADER_BYTES + keyLength, valueLength);
        return pointer + lead;
    }

    private boolean hasRoom(long cost) {
        if (cost >= 0 && held() + cost <= limit) {
            return true;
        }
        pages.dropSpare();
        if (count == 0 && held() + cost > limit) {
            slots = new long[2 * FIRST_SLOTS];
            shift = Long.SIZE - Integer.numberOfTrailingZeros(FIRST_SLOTS);
        }
        return cost >= 0 && held() + cost <= limit;
    }

    private boolean grow() {
        int old = slots.length / 2;
        if (old == MOST_SLOTS || held() + 2L * old * SLOT_BYTES > limit) {
            return false;
        }
        long[] from = slots;
        slots = new long[4 * old];
        shift--;
        for (int i = 0; i < from.length; i += 2) {
            if (from[i + 1] != 0) {
                int slot = freeSlot(from[i]);
                slots[slot] = from[i];
                slots[slot + 1] = from[i + 1];
            }
        }
        return true;
    }

    private int freeSlot(long hash) {
        int mask = slots.length - 1;
        int slot = (int) (hash >>> shift) * 2;
        while (slots[slot + 1] != 0) {
            slot = (slot + 2) & mask;
        }
        return slot;
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
        return pages.held() + 8L * slots.length;
    }

    @Override
    public void drain(RunWriter out) throws IOException {
        int to = 0;
        for (int i = 0; i < slots.length; i += 2) {
            long pointer = slots[i + 1];
            if (pointer != 0) {
                byte[] page = pages.page(pointer);
                int at = RecordPages.offset(pointer);
                int length = (int) KeyOrder.INT.get(page, at);
                slots[to] = KeyOrder.prefix(page, at + RecordPages.HEADER_BYTES, length);
                slots[to + 1] = pointer;
                to += 2;
            }
        }
        new RecordSort(pages, slots).sort(count, partitions);
        RecordBuffer.write(pages, slots, count, out);
    }

    @Override
    public void reset() {
        Arrays.fill(slots, 0);
        pages.reset();
        count = 0;
        encodedBytes = 0;
    }
}
