package dev.sampo.internal.shuffle;

import dev.sampo.spi.ByteWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Compressor;
import org.jspecify.annotations.Nullable;

/**
 * Writes records, sorted by partition and key, as a {@link MapOutput}: into one array, or into a file. Used by one
 * thread. Closing it before {@link #finish} deletes the file.
 *
 * <p>A file ends with the encoded {@link SegmentIndex} and a trailer: CRC32C of the index, the number of partitions, the
 * block size, {@link #MAGIC}.
 */
final class RunWriter implements Closeable {
    /** "SMP1". */
    static final int MAGIC = 0x534D5031;

    static final int TRAILER_BYTES = 16;

    private final String name;
    private final int partitions;
    private final int blockBytes;
    private final SegmentIndex.Builder index;
    private final CRC32C crc = new CRC32C();
    private final CRC32C sums = new CRC32C();
    private final byte[] sumBytes = new byte[4];

    // A file's writer gathers a block in stage and moves it, compressed or not, to pending. A writer to memory gathers
    // in place: stage is the output.
    private final @Nullable Path file;
    private final @Nullable FileChannel channel;
    private final @Nullable LZ4Compressor compressor;
    private final byte[] pending;
    private int pendingBytes;
    private byte[] stage;
    private int header;
    private int at;
    private int limit;

    private int partition;
    private int blockNumber;
    private long written;
    private long partitionRecords;
    private long partitionRaw;
    private int partitionLargest;
    private long records;
    private long bytes;
    private boolean finished;

    private RunWriter(
            String name,
            int partitions,
            int blockBytes,
            boolean compress,
            @Nullable Path file,
            @Nullable FileChannel channel,
            byte[] stage) {
        this.name = name;
        this.partitions = partitions;
        this.blockBytes = blockBytes;
        this.index = new SegmentIndex.Builder(partitions);
        this.file = file;
        this.channel = channel;
        this.compressor = compress ? BlockFormat.compressor() : null;
        this.pending = new byte[channel == null ? 0 : pendingBytes(blockBytes)];
        this.stage = stage;
        startBlock(0);
    }

    /** Creates a writer to a new file. */
    static RunWriter toFile(String name, int partitions, int blockBytes, boolean compress, Path file)
            throws IOException {
        byte[] stage = new byte[BlockFormat.HEADER_BYTES + blockBytes];
        return new RunWriter(name, partitions, blockBytes, compress, file, TempFiles.create(file), stage);
    }

    /** Creates a writer to an array of a size from {@link #memoryBytes}. */
    static RunWriter toMemory(String name, int partitions, int blockBytes, int capacity) {
        return new RunWriter(name, partitions, blockBytes, false, null, null, new byte[capacity]);
    }

    /** Returns the most bytes that so many records of so many encoded bytes take in memory. */
    static long memoryBytes(long encodedBytes, long records, int partitions, int blockBytes) {
        // A block is left early only when an eighth of it or less is free.
        long blocks = Math.min(records, partitions) + encodedBytes * 8 / (7L * blockBytes) + 2;
        return encodedBytes + blocks * BlockFormat.HEADER_BYTES;
    }

    /** Returns the heap that a writer to a file takes. */
    static long heapBytes(int partitions, int blockBytes) {
        return (long) blockBytes
                + pendingBytes(blockBytes)
                + (long) partitions * SegmentIndex.Builder.BYTES_PER_PARTITION;
    }

    private static int pendingBytes(int blockBytes) {
        return largestStored(blockBytes) + blockBytes;
    }

    private static int largestStored(int blockBytes) {
        return BlockFormat.HEADER_BYTES + BlockFormat.compressor().maxCompressedLength(blockBytes);
    }

    /** Appends a record. Partitions ascend, and the keys of each. */
    void record(
            int toPartition, byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength)
            throws IOException {
        if (toPartition != partition) {
            startPartition(toPartition);
        }
        long encoded = BlockFormat.encodedBytes(keyLength, valueLength);
        int size = keyLength + valueLength;
        if (encoded <= limit - at) {
            writeHeader(keyLength, valueLength);
            System.arraycopy(key, keyOffset, stage, at, keyLength);
            System.arraycopy(value, valueOffset, stage, at + keyLength, valueLength);
            at += size;
        } else {
            if (!BlockFormat.mayCross(encoded, blockBytes) || limit - at < BlockFormat.LARGEST_RECORD_HEADER) {
                endBlock();
            }
            writeHeader(keyLength, valueLength);
            writeAcross(key, keyOffset, keyLength);
            writeAcross(value, valueOffset, valueLength);
        }
        partitionRecords++;
        bytes += size;
        partitionLargest = Math.max(partitionLargest, size);
    }

    private void writeHeader(int keyLength, int valueLength) {
        at = BlockFormat.writeVarInt(stage, BlockFormat.writeVarInt(stage, at, keyLength), valueLength);
    }

    private void writeAcross(byte[] source, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (at == limit) {
                endBlock();
            }
            int part = Math.min(left, limit - at);
            System.arraycopy(source, from, stage, at, part);
            at += part;
            from += part;
            left -= part;
        }
    }

    private void startPartition(int next) throws IOException {
        if (next < partition || next >= partitions) {
            throw new IllegalStateException(
                    "partition " + next + " after " + partition + "; expected ascending ones below " + partitions);
        }
        endPartitions(next);
    }

    /** Ends the current partition and the empty ones up to {@code next}. */
    private void endPartitions(int next) throws IOException {
        endBlock();
        while (partition < next) {
            index.end(partition, written, partitionRecords, partitionRaw, partitionLargest, (int) sums.getValue());
            records += partitionRecords;
            partitionRecords = 0;
            partitionRaw = 0;
            partitionLargest = 0;
            blockNumber = 0;
            sums.reset();
            partition++;
        }
    }

    private void startBlock(int offset) {
        header = offset;
        at = offset + BlockFormat.HEADER_BYTES;
        limit = Math.min(stage.length, at + blockBytes);
    }

    private void endBlock() throws IOException {
        int start = header + BlockFormat.HEADER_BYTES;
        int raw = at - start;
        if (raw <= 0) {
            return;
        }
        int stored = raw;
        int sum;
        if (channel == null) {
            sum = BlockFormat.seal(stage, header, blockNumber, raw, raw, crc);
            startBlock(at);
        } else {
            if (pending.length - pendingBytes < largestStored(blockBytes)) {
                flush(channel);
            }
            int target = pendingBytes + BlockFormat.HEADER_BYTES;
            if (compressor != null && raw >= BlockFormat.SMALLEST_COMPRESSED) {
                stored = compressor.compress(stage, start, raw, pending, target, pending.length - target);
            }
            if (stored >= raw) {
                stored = raw;
                System.arraycopy(stage, start, pending, target, raw);
            }
            sum = BlockFormat.seal(pending, pendingBytes, blockNumber, raw, stored, crc);
            pendingBytes = target + stored;
            startBlock(0);
        }
        KeyOrder.INT.set(sumBytes, 0, sum);
        sums.update(sumBytes, 0, sumBytes.length);
        blockNumber++;
        partitionRaw += raw;
        written += BlockFormat.HEADER_BYTES + stored;
    }

    private void flush(FileChannel out) throws IOException {
        write(out, ByteBuffer.wrap(pending, 0, pendingBytes));
        pendingBytes = 0;
    }

    private void write(FileChannel out, ByteBuffer buffer) throws IOException {
        try {
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException failure) {
            throw TempFiles.unwritable(Objects.requireNonNull(file, "file"), failure);
        }
    }

    /** Ends the output and hands it over. */
    MapOutput finish() throws IOException {
        endPartitions(partitions);
        SegmentIndex built = index.build();
        MapOutput output;
        if (channel == null) {
            int used = (int) written;
            byte[] image = stage.length - used > stage.length / 8 ? Arrays.copyOf(stage, used) : stage;
            output = new MapOutput(name, built, blockBytes, image, null);
        } else {
            flush(channel);
            writeFooter(channel, built);
            channel.close();
            output = new MapOutput(name, built, blockBytes, null, file);
        }
        stage = new byte[0];
        finished = true;
        return output;
    }

    private void writeFooter(FileChannel out, SegmentIndex built) throws IOException {
        ByteWriter encoded = new ByteWriter((int) SegmentIndex.encodedBytes(partitions));
        built.encode(encoded);
        write(out, footer(Arrays.copyOf(encoded.array(), encoded.length()), partitions, blockBytes));
    }

    /** Returns what a file ends with, given the encoded index. */
    static ByteBuffer footer(byte[] encodedIndex, int partitions, int blockBytes) {
        CRC32C sum = new CRC32C();
        sum.update(encodedIndex);
        return ByteBuffer.allocate(encodedIndex.length + TRAILER_BYTES)
                .put(encodedIndex)
                .putInt((int) sum.getValue())
                .putInt(partitions)
                .putInt(blockBytes)
                .putInt(MAGIC)
                .flip();
    }

    /** Returns the records of the partitions that ended. */
    long records() {
        return records;
    }

    /** Returns the bytes of keys and values. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        if (!finished && channel != null) {
            try {
                channel.close();
            } finally {
                TempFiles.delete(Objects.requireNonNull(file, "file"));
            }
        }
    }
}
