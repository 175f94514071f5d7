package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;

/** Unsigned variable-length integers (LEB128) in arrays; the form of {@link dev.sampo.spi.ByteWriter#writeVarInt}. */
final class VarInts {
    private VarInts() {}

    /** Returns the number of bytes of a number that is at least 0. */
    static int width(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Writes a number that is at least 0. */
    static void put(byte[] bytes, int offset, int value) {
        int at = offset;
        int rest = value;
        while (rest > 0x7F) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at] = (byte) rest;
    }

    /**
     * Reads a number.
     *
     * @throws SampoException of {@link ErrorCode#DATA_CORRUPT} when it does not end before {@code limit}, is negative,
     *     or is longer than it need be
     */
    static int get(byte[] bytes, int offset, int limit) {
        int value = 0;
        for (int at = offset, shift = 0; at < limit && shift < 35; at++, shift += 7) {
            byte next = bytes[at];
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                if (value < 0 || width(value) != at - offset + 1) {
                    break;
                }
                return value;
            }
        }
        throw new SampoException(ErrorCode.DATA_CORRUPT, "a length is malformed; expected a variable-length integer");
    }
}
