package dev.sampo.internal.shuffle;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a segment block by block, checks every block and, at the end, the whole, and decompresses. */
final class CheckedBlockReader implements BlockReader {
    private final Segment segment;
    private final StoredBytes source;
    private final ErrorCode onDamage;
    private final int expectedCrc;
    private final BlockDecoder decoder;
    private final CRC32C sums = new CRC32C();
    private final byte[] header = new byte[BlockFormat.HEADER_BYTES];
    private final long end;
    private long position;
    private long rawLeft;
    private boolean headerRead;
    private int number;
    private byte @Nullable [] block;
    private int length;

    /**
     * Creates a reader.
     *
     * @param onDamage the error to report: a lost map output is fetched elsewhere, a lost spill is not
     * @param start where the segment begins in {@code source}
     * @param crc the checksum over the checksums of the blocks
     */
    CheckedBlockReader(
            Segment segment, StoredBytes source, ErrorCode onDamage, long start, int crc, BlockDecoder decoder) {
        this.segment = segment;
        this.source = source;
        this.onDamage = onDamage;
        this.expectedCrc = crc;
        this.decoder = decoder;
        this.position = start;
        this.end = start + segment.storedBytes();
        this.rawLeft = segment.rawBytes();
    }

    @Override
    public boolean next() throws IOException {
        if (position == end) {
            if (rawLeft != 0) {
                throw damaged(position, "ends " + rawLeft + " bytes early", null);
            }
            if ((int) sums.getValue() != expectedCrc) {
                throw damaged(position, "does not match the checksum in its index", null);
            }
            return false;
        }
        long start = position;
        if (!headerRead) {
            read(start, header, BlockFormat.HEADER_BYTES);
        }
        int raw = (int) KeyOrder.INT.get(header, 0);
        int stored = (int) KeyOrder.INT.get(header, 4);
        int sum = (int) KeyOrder.INT.get(header, 8);
        sums.update(header, 8, 4);
        long left = end - start - BlockFormat.HEADER_BYTES;
        if (raw <= 0 || stored <= 0 || stored > raw || raw > segment.blockBytes() || raw > rawLeft || stored > left) {
            throw damaged(
                    start,
                    "has a block of " + stored + " bytes stored, " + raw + " raw; expected at most " + left + " and "
                            + Math.min(rawLeft, segment.blockBytes()),
                    null);
        }
        headerRead = left - stored >= BlockFormat.HEADER_BYTES;
        if (!headerRead && left != stored) {
            throw damaged(start, "has " + (left - stored) + " bytes behind its last block; expected none", null);
        }
        // One read takes the block and the header of the next.
        int count = headerRead ? stored + BlockFormat.HEADER_BYTES : stored;
        byte[] bytes = decoder.stored(count);
        read(start + BlockFormat.HEADER_BYTES, bytes, count);
        if (decoder.checksum(bytes, 0, number, raw, stored) != sum) {
            throw damaged(start, "has a block that does not match its checksum", null);
        }
        if (block == null) {
            block = decoder.take(segment.blockBytes());
        }
        if (!decoder.decode(bytes, 0, stored, block, raw)) {
            throw damaged(start, "has a block that cannot be decompressed", null);
        }
        if (headerRead) {
            System.arraycopy(bytes, stored, header, 0, BlockFormat.HEADER_BYTES);
        }
        number++;
        length = raw;
        rawLeft -= raw;
        position = start + BlockFormat.HEADER_BYTES + stored;
        return true;
    }

    private void read(long from, byte[] into, int count) throws IOException {
        try {
            source.read(from, into, 0, count);
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException failure) {
            throw damaged(from, "cannot be read: " + failure.getMessage(), failure);
        }
    }

    private SampoException damaged(long at, String what, @Nullable Throwable cause) {
        return new SampoException(onDamage, segment.name() + ", offset " + at + ": " + what, cause);
    }

    @Override
    public byte[] array() {
        if (block == null) {
            throw new IllegalStateException(segment.name() + ": no block was read");
        }
        return block;
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void close() {
        if (block != null) {
            decoder.give(block);
            block = null;
            length = 0;
        }
        try {
            source.close();
        } catch (IOException ignored) {
            // Nothing was written; a reader that fails to close has lost nothing.
            return;
        }
    }
}
