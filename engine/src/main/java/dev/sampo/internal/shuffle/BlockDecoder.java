package dev.sampo.internal.shuffle;

import java.util.ArrayDeque;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** What the readers of one thread share: spare buffers, the buffer of stored bytes, checksum and decompressor. */
public final class BlockDecoder {
    private final LZ4SafeDecompressor decompressor = BlockFormat.decompressor();
    private final CRC32C crc = new CRC32C();
    private final byte[] scratch = new byte[BlockFormat.HEADER_BYTES];
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();
    private byte[] stored = new byte[0];

    /** Returns a buffer of at least so many bytes, its content undefined. */
    byte[] take(int bytes) {
        byte[] buffer = spare.pollLast();
        return buffer != null && buffer.length >= bytes ? buffer : new byte[bytes];
    }

    /** Takes back a buffer for the next reader. */
    void give(byte[] buffer) {
        spare.addLast(buffer);
    }

    /** Drops the spare buffers. */
    void clear() {
        spare.clear();
        stored = new byte[0];
    }

    /** Returns the buffer for stored bytes: valid until another reader of this thread asks for it. */
    byte[] stored(int bytes) {
        if (stored.length < bytes) {
            stored = new byte[bytes];
        }
        return stored;
    }

    int checksum(byte[] array, int offset, int number, int rawBytes, int storedBytes) {
        return BlockFormat.checksum(array, offset, number, rawBytes, storedBytes, crc, scratch, 0);
    }

    /** Puts the block into {@code into} and returns whether it has the length it should. */
    boolean decode(byte[] array, int offset, int storedBytes, byte[] into, int rawBytes) {
        if (storedBytes == rawBytes) {
            System.arraycopy(array, offset, into, 0, rawBytes);
            return true;
        }
        try {
            return decompressor.decompress(array, offset, storedBytes, into, 0, rawBytes) == rawBytes;
        } catch (LZ4Exception malformed) {
            return false;
        }
    }
}
