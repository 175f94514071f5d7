package dev.sampo.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds a byte eight bytes at a time (SWAR; the zero-byte test of Hacker's Delight, section 6-1). */
final class ByteScan {
    /** Reads eight bytes, the first one in the lowest bits; at any address. */
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private ByteScan() {}

    /** Returns the first index from {@code from} up to, not including, {@code to} that holds {@code value}, or -1. */
    static int indexOf(byte[] bytes, int from, int to, byte value) {
        long pattern = (value & 0xFFL) * ONES;
        int index = from;
        for (int last = to - Long.BYTES; index <= last; index += Long.BYTES) {
            long word = (long) LONG.get(bytes, index) ^ pattern;
            // A false hit needs a true one in a lower byte (the borrow comes from there), so the lowest is right.
            long hits = (word - ONES) & ~word & HIGHS;
            if (hits != 0) {
                return index + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
        }
        for (; index < to; index++) {
            if (bytes[index] == value) {
                return index;
            }
        }
        return -1;
    }
}
