package dev.sampo.internal.shuffle;

import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;

/**
 * A key and a sort key in one string of bytes, for a secondary sort. The order of the bytes is the order of the key, then
 * that of the sort key: a zero byte in the key becomes 00 FF, the key ends with 00 01, and the sort key follows as it
 * is. (The escape of FoundationDB's tuple layer, with an end mark that sorts below it.)
 */
public final class CompositeKey {
    private static final int ESCAPED_ZERO = 0xFF;
    private static final int END = 0x01;

    private CompositeKey() {}

    /** Appends the composite of a key and a sort key to {@code out}. */
    public static void write(
            ByteWriter out, byte[] key, int keyOffset, int keyLength, byte[] sort, int sortOffset, int sortLength) {
        int from = keyOffset;
        int end = keyOffset + keyLength;
        for (int at = keyOffset; at < end; at++) {
            if (key[at] == 0) {
                out.write(key, from, at + 1 - from);
                out.writeByte(ESCAPED_ZERO);
                from = at + 1;
            }
        }
        out.write(key, from, end - from);
        out.writeByte(0);
        out.writeByte(END);
        out.write(sort, sortOffset, sortLength);
    }

    /** Returns the length of the part that stands for the key, its end mark included. */
    public static int groupLength(byte[] composite, int offset, int length) {
        int end = offset + length;
        for (int at = offset; at + 1 < end; at++) {
            if (composite[at] == 0) {
                if (composite[at + 1] == END) {
                    return at + 2 - offset;
                }
                at++;
            }
        }
        throw new SampoException(
                ErrorCode.DATA_CORRUPT, "a composite key of " + length + " bytes without an end mark; expected 00 01");
    }

    /** Appends the plain key of a composite to {@code out}. */
    public static void readKey(ByteWriter out, byte[] composite, int offset, int length) {
        int end = offset + groupLength(composite, offset, length) - 2;
        int from = offset;
        for (int at = offset; at < end; at++) {
            if (composite[at] == 0) {
                out.write(composite, from, at + 1 - from);
                at++;
                from = at + 1;
            }
        }
        out.write(composite, from, end - from);
    }
}
