package dev.sampo.internal.shuffle;

import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * The form of a block, in memory and in files:
 *
 * <pre>
 * int  bytes before compression
 * int  bytes stored; the same number when the block is not compressed
 * int  CRC32C of: the block's number in its segment, both lengths, the stored bytes
 * the stored bytes
 * </pre>
 *
 * All integers are big-endian. A block holds records of one partition: a header of two LEB128 numbers (key and value
 * length), key bytes, value bytes. The header of a record never crosses a block; key and value of a large record may.
 */
final class BlockFormat {
    static final int HEADER_BYTES = 12;
    /** Two LEB128 numbers of 31 bits. */
    static final int LARGEST_RECORD_HEADER = 10;
    /** Blocks smaller than this are stored as they are. */
    static final int SMALLEST_COMPRESSED = 64;

    private static final LZ4Factory LZ4 = LZ4Factory.fastestInstance();

    private BlockFormat() {}

    static LZ4Compressor compressor() {
        return LZ4.fastCompressor();
    }

    static LZ4SafeDecompressor decompressor() {
        return LZ4.safeDecompressor();
    }

    /** Writes the header of a block whose stored bytes follow it in {@code array}, and returns the checksum. */
    static int seal(byte[] array, int header, int number, int rawBytes, int storedBytes, CRC32C crc) {
        int sum = checksum(array, header + HEADER_BYTES, number, rawBytes, storedBytes, crc, array, header);
        KeyOrder.INT.set(array, header, rawBytes);
        KeyOrder.INT.set(array, header + 4, storedBytes);
        KeyOrder.INT.set(array, header + 8, sum);
        return sum;
    }

    /** Returns the checksum of a block; {@code scratch} has 12 bytes from {@code at} that may be overwritten. */
    static int checksum(
            byte[] stored, int offset, int number, int rawBytes, int storedBytes, CRC32C crc, byte[] scratch, int at) {
        KeyOrder.INT.set(scratch, at, number);
        KeyOrder.INT.set(scratch, at + 4, rawBytes);
        KeyOrder.INT.set(scratch, at + 8, storedBytes);
        crc.reset();
        crc.update(scratch, at, HEADER_BYTES);
        crc.update(stored, offset, storedBytes);
        return (int) crc.getValue();
    }

    /** Returns whether a record of so many bytes, header included, may be cut to fill the rest of a block. */
    static boolean mayCross(long encodedBytes, int blockBytes) {
        return encodedBytes > blockBytes / 8;
    }

    /** Returns the bytes of the LEB128 form of a number. */
    static int varIntBytes(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Returns the bytes of a record as it is written. */
    static long encodedBytes(int keyLength, int valueLength) {
        return (long) varIntBytes(keyLength) + varIntBytes(valueLength) + keyLength + valueLength;
    }

    /** Writes a LEB128 number and returns the offset behind it. */
    static int writeVarInt(byte[] array, int offset, int value) {
        int at = offset;
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            array[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[at++] = (byte) rest;
        return at;
    }
}
