package dev.sampo.internal.shuffle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The order of keys: unsigned and lexicographic over their bytes, a prefix first; and the first eight bytes as a word. */
final class KeyOrder {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private KeyOrder() {}

    /**
     * Returns the first eight bytes as an unsigned big-endian word, padded with zeros. Two different words are in the
     * order of their keys; two equal ones decide nothing.
     */
    static long prefix(byte[] key, int offset, int length) {
        if (length >= Long.BYTES) {
            return (long) LONG.get(key, offset);
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (key[offset + i] & 0xFFL) << (56 - 8 * i);
        }
        return word;
    }

    /** Compares two keys whose first {@code skip} bytes, as far as they have them, and padding are known to agree. */
    static int compareFrom(
            int skip, byte[] left, int leftOffset, int leftLength, byte[] right, int rightOffset, int rightLength) {
        if (leftLength > skip && rightLength > skip) {
            return Arrays.compareUnsigned(
                    left,
                    leftOffset + skip,
                    leftOffset + leftLength,
                    right,
                    rightOffset + skip,
                    rightOffset + rightLength);
        }
        return Integer.compare(leftLength, rightLength);
    }

    /** Returns whether two byte ranges are the same. */
    static boolean same(byte[] left, int leftOffset, int leftLength, byte[] right, int rightOffset, int rightLength) {
        return leftLength == rightLength
                && Arrays.equals(
                        left, leftOffset, leftOffset + leftLength, right, rightOffset, rightOffset + rightLength);
    }
}
