package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An output on its way to another node. All numbers are big-endian:
 *
 * <pre>
 * int MAGIC, int partitions, int block bytes, the encoded SegmentIndex, int CRC32C of all that
 * the stored bytes of all partitions
 * </pre>
 */
final class MovedOutput {
    /** "SMO1". */
    private static final int MAGIC = 0x534D4F31;

    private static final int FIXED_BYTES = 12;
    private static final int MOST_PARTITIONS = 1 << 22;
    private static final int COPY_BYTES = 128 << 10;

    private final AttemptId id;
    private final InputStream in;
    private final Path file;

    private MovedOutput(AttemptId id, InputStream in, Path file) {
        this.id = id;
        this.in = in;
        this.file = file;
    }

    static ByteBuffer header(MapOutput output) {
        ByteWriter out = new ByteWriter((int) SegmentIndex.encodedBytes(output.partitions()) + FIXED_BYTES + 4);
        out.writeInt(MAGIC);
        out.writeInt(output.partitions());
        out.writeInt(output.blockBytes());
        output.index().encode(out);
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.length());
        out.writeInt((int) crc.getValue());
        return ByteBuffer.wrap(out.array(), 0, out.length());
    }

    /**
     * Reads an output into a file and checks every block of it.
     *
     * @throws SampoException {@link ErrorCode#FETCH_FAILED} when it is not what was sent, {@link ErrorCode#SPILL_FAILED}
     * @throws IOException when the stream fails
     */
    static MapOutput read(AttemptId id, InputStream in, Path file) throws IOException {
        return new MovedOutput(id, in, file).read();
    }

    private MapOutput read() throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] fixed = new byte[FIXED_BYTES];
        data.readFully(fixed);
        ByteBuffer numbers = ByteBuffer.wrap(fixed);
        int magic = numbers.getInt();
        int partitions = numbers.getInt();
        int blockBytes = numbers.getInt();
        if (magic != MAGIC
                || partitions < 1
                || partitions > MOST_PARTITIONS
                || blockBytes < 1
                || blockBytes > ShuffleSettings.LARGEST_BLOCK) {
            throw damaged(
                    "begins with " + Integer.toHexString(magic) + ", " + partitions + " partitions, blocks of "
                            + blockBytes + " bytes; expected an output of a Sampo node",
                    null);
        }
        int encoded = (int) SegmentIndex.encodedBytes(partitions);
        byte[] index = data.readNBytes(encoded);
        CRC32C crc = new CRC32C();
        crc.update(fixed);
        crc.update(index);
        if (index.length < encoded || data.readInt() != (int) crc.getValue()) {
            throw damaged("has an index that does not match its checksum", null);
        }
        return copy(SegmentIndex.decode(ByteBuffer.wrap(index), partitions), index, blockBytes);
    }

    private MapOutput copy(SegmentIndex index, byte[] encoded, int blockBytes) throws IOException {
        MapOutput output = new MapOutput(id.toString(), index, blockBytes, null, file);
        boolean whole = false;
        FileChannel out = TempFiles.create(file);
        try {
            try (out) {
                copyBytes(index, out);
                write(out, RunWriter.footer(encoded, index.partitions(), blockBytes));
            }
            verify(output);
            whole = true;
            return output;
        } finally {
            if (!whole) {
                output.delete();
            }
        }
    }

    private void copyBytes(SegmentIndex index, FileChannel out) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        long left = index.storedBytes();
        for (int partition = 0; partition < index.partitions(); partition++) {
            if (index.length(partition) < 0) {
                throw damaged("has " + index.length(partition) + " bytes in partition " + partition, null);
            }
        }
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw damaged("ends " + left + " bytes early", null);
            }
            write(out, ByteBuffer.wrap(buffer, 0, count));
            left -= count;
        }
        if (in.read() >= 0) {
            throw damaged("goes on behind its " + index.storedBytes() + " bytes", null);
        }
    }

    private void write(FileChannel out, ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException failure) {
            throw TempFiles.unwritable(file, failure);
        }
    }

    /** Reads all blocks once: the sums of blocks and partitions are checked by that. */
    private static void verify(MapOutput output) throws IOException {
        BlockDecoder decoder = new BlockDecoder();
        for (int partition = 0; partition < output.partitions(); partition++) {
            if (output.index().length(partition) == 0) {
                continue;
            }
            try (BlockReader blocks = output.segment(partition).open(decoder)) {
                boolean more = true;
                while (more) {
                    more = blocks.next();
                }
            }
        }
    }

    private SampoException damaged(String what, @Nullable Throwable cause) {
        return new SampoException(ErrorCode.FETCH_FAILED, "moved output of " + id + " " + what, cause);
    }
}
