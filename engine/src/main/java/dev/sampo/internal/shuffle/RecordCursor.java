package dev.sampo.internal.shuffle;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.util.Arrays;

/** Walks over the records of one segment. The fields tell the current record until the next {@link #advance}. */
final class RecordCursor {
    /** What a cursor, its reader and its place in a merge take, roughly. */
    private static final int OBJECT_BYTES = 256;

    private final Segment segment;
    private final BlockReader blocks;
    private byte[] whole = new byte[0];
    private byte[] block = new byte[0];
    private int at;
    private int limit;
    private long recordsLeft;

    /** The array that holds key and value, the value behind the key. */
    byte[] array = block;

    int keyOffset;
    int keyLength;
    int valueOffset;
    int valueLength;
    /** {@link KeyOrder#prefix} of the key. */
    long prefix;

    RecordCursor(Segment segment, BlockReader blocks) {
        this.segment = segment;
        this.blocks = blocks;
        this.recordsLeft = segment.records();
    }

    /** Returns the bytes of heap that reading a segment takes. */
    static long heapBytes(int blockBytes, int largestRecord, boolean inPlace) {
        long buffers = inPlace ? OBJECT_BYTES : OBJECT_BYTES + blockBytes;
        if (BlockFormat.mayCross(largestRecord + (long) BlockFormat.LARGEST_RECORD_HEADER, blockBytes)) {
            buffers += largestRecord;
        }
        return buffers;
    }

    /** Goes to the next record; false at the end, which is checked against the number of records. */
    boolean advance() throws IOException {
        if (at == limit && !nextBlock()) {
            if (recordsLeft != 0) {
                throw malformed("ends " + recordsLeft + " records early");
            }
            return false;
        }
        recordsLeft--;
        keyLength = readVarInt();
        valueLength = readVarInt();
        int size = keyLength + valueLength;
        if (keyLength < 0 || valueLength < 0 || size < 0 || size > segment.largestRecord()) {
            throw malformed("has a record of " + keyLength + " and " + valueLength + " bytes; expected at most "
                    + segment.largestRecord());
        }
        if (size <= limit - at) {
            array = block;
            keyOffset = at;
            at += size;
        } else {
            assemble(size);
        }
        valueOffset = keyOffset + keyLength;
        prefix = KeyOrder.prefix(array, keyOffset, keyLength);
        return true;
    }

    private boolean nextBlock() throws IOException {
        if (!blocks.next()) {
            return false;
        }
        block = blocks.array();
        at = blocks.offset();
        limit = at + blocks.length();
        return true;
    }

    private int readVarInt() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at == limit) {
                break;
            }
            byte next = block[at++];
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw malformed("has a record without its lengths");
    }

    /** Copies a record that crosses blocks together. */
    private void assemble(int size) throws IOException {
        if (whole.length < size) {
            int spacious = (int) Math.min(segment.largestRecord(), size + (long) size / 2);
            whole = new byte[Math.max(size, spacious)];
        }
        int filled = 0;
        while (filled < size) {
            if (at == limit && !nextBlock()) {
                throw malformed("ends within a record");
            }
            int part = Math.min(size - filled, limit - at);
            System.arraycopy(block, at, whole, filled, part);
            at += part;
            filled += part;
        }
        array = whole;
        keyOffset = 0;
    }

    private SampoException malformed(String what) {
        return new SampoException(ErrorCode.DATA_CORRUPT, segment.name() + " " + what);
    }

    /** Compares the current keys of two cursors. */
    static int compareKeys(RecordCursor left, RecordCursor right) {
        if (left.prefix != right.prefix) {
            return Long.compareUnsigned(left.prefix, right.prefix);
        }
        return KeyOrder.compareFrom(
                Long.BYTES, left.array, left.keyOffset, left.keyLength, right.array, right.keyOffset, right.keyLength);
    }

    /** Returns whether the key's first bytes are those of {@code other}, and it has no more. */
    boolean keyIs(byte[] other, int length) {
        return keyLength == length && Arrays.equals(array, keyOffset, keyOffset + keyLength, other, 0, length);
    }

    void close() {
        blocks.close();
        whole = new byte[0];
    }
}
