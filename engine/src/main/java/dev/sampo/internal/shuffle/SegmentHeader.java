package dev.sampo.internal.shuffle;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What goes before the bytes of a segment on the data port: a byte {@link #HELD} and the numbers, big-endian and in this
 * order; or a byte {@link #REFUSED}, a short with the length of a text, and why in UTF-8.
 */
record SegmentHeader(long storedBytes, long rawBytes, long records, int largestRecord, int crc, int blockBytes) {
    static final int HELD = 1;
    static final int REFUSED = 2;

    private static final int BYTES = 1 + 8 + 8 + 8 + 4 + 4 + 4;

    static SegmentHeader of(MapOutput output, int partition) {
        SegmentIndex index = output.index();
        return new SegmentHeader(
                index.length(partition),
                index.rawBytes(partition),
                index.records(partition),
                index.largestRecord(partition),
                index.crc(partition),
                output.blockBytes());
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(BYTES)
                .put((byte) HELD)
                .putLong(storedBytes)
                .putLong(rawBytes)
                .putLong(records)
                .putInt(largestRecord)
                .putInt(crc)
                .putInt(blockBytes)
                .flip();
    }

    static ByteBuffer refusal(String why) {
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, Short.MAX_VALUE);
        return ByteBuffer.allocate(3 + length)
                .put((byte) REFUSED)
                .putShort((short) length)
                .put(text, 0, length)
                .flip();
    }

    /** Reads the header behind its first byte, and checks what memory and loops depend on. */
    static SegmentHeader read(DataInputStream in) throws IOException {
        SegmentHeader header = new SegmentHeader(
                in.readLong(), in.readLong(), in.readLong(), in.readInt(), in.readInt(), in.readInt());
        if (header.storedBytes < 0
                || header.rawBytes < 0
                || header.records < 0
                || header.largestRecord < 0
                || header.blockBytes <= 0
                || header.blockBytes > ShuffleSettings.LARGEST_BLOCK) {
            throw new IOException("a segment is described as " + header
                    + "; expected sizes of at least 0, blocks of 1 to " + ShuffleSettings.LARGEST_BLOCK);
        }
        return header;
    }
}
