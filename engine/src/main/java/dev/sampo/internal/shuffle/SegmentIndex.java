package dev.sampo.internal.shuffle;

import dev.sampo.spi.ByteWriter;
import java.nio.ByteBuffer;

/** Where the partitions of a map output lie, and what they hold. Immutable. */
public final class SegmentIndex {
    /** Bytes of one partition in the encoded form. */
    private static final int ENTRY_BYTES = 8 + 8 + 8 + 4 + 4;

    private final long[] ends;
    private final long[] records;
    private final long[] rawBytes;
    private final int[] largestRecord;
    private final int[] crc;

    private SegmentIndex(long[] ends, long[] records, long[] rawBytes, int[] largestRecord, int[] crc) {
        this.ends = ends;
        this.records = records;
        this.rawBytes = rawBytes;
        this.largestRecord = largestRecord;
        this.crc = crc;
    }

    /** Returns the number of partitions. */
    public int partitions() {
        return ends.length;
    }

    /** Returns the offset of the first byte of a partition. */
    public long offset(int partition) {
        return partition == 0 ? 0 : ends[partition - 1];
    }

    /** Returns the stored bytes of a partition, block headers included. */
    public long length(int partition) {
        return ends[partition] - offset(partition);
    }

    /** Returns the records of a partition. */
    public long records(int partition) {
        return records[partition];
    }

    /** Returns the bytes of a partition before compression, without block headers. */
    public long rawBytes(int partition) {
        return rawBytes[partition];
    }

    /** Returns the bytes of key and value of the largest record of a partition. */
    public int largestRecord(int partition) {
        return largestRecord[partition];
    }

    /** Returns the CRC32C over the checksums of the blocks of a partition in order. */
    public int crc(int partition) {
        return crc[partition];
    }

    /** Returns the stored bytes of all partitions. */
    public long storedBytes() {
        return ends[ends.length - 1];
    }

    /** Returns the records of all partitions. */
    public long records() {
        long sum = 0;
        for (long count : records) {
            sum += count;
        }
        return sum;
    }

    /** Appends the encoded form, a fixed number of bytes per partition. */
    void encode(ByteWriter out) {
        for (int partition = 0; partition < ends.length; partition++) {
            out.writeLong(ends[partition]);
            out.writeLong(records[partition]);
            out.writeLong(rawBytes[partition]);
            out.writeInt(largestRecord[partition]);
            out.writeInt(crc[partition]);
        }
    }

    static long encodedBytes(int partitions) {
        return (long) partitions * ENTRY_BYTES;
    }

    static SegmentIndex decode(ByteBuffer in, int partitions) {
        Builder builder = new Builder(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            builder.ends[partition] = in.getLong();
            builder.records[partition] = in.getLong();
            builder.rawBytes[partition] = in.getLong();
            builder.largestRecord[partition] = in.getInt();
            builder.crc[partition] = in.getInt();
        }
        return builder.build();
    }

    /** Collects the entries while partitions are written in ascending order. */
    static final class Builder {
        /** Heap bytes that the index takes per partition. */
        static final int BYTES_PER_PARTITION = 32;

        private final long[] ends;
        private final long[] records;
        private final long[] rawBytes;
        private final int[] largestRecord;
        private final int[] crc;

        Builder(int partitions) {
            this.ends = new long[partitions];
            this.records = new long[partitions];
            this.rawBytes = new long[partitions];
            this.largestRecord = new int[partitions];
            this.crc = new int[partitions];
        }

        void end(int partition, long end, long recordCount, long raw, int largest, int sum) {
            ends[partition] = end;
            records[partition] = recordCount;
            rawBytes[partition] = raw;
            largestRecord[partition] = largest;
            crc[partition] = sum;
        }

        SegmentIndex build() {
            return new SegmentIndex(ends, records, rawBytes, largestRecord, crc);
        }
    }
}
