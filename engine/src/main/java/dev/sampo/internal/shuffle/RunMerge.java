package dev.sampo.internal.shuffle;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merges the segments of one partition into a run, combining values of equal keys where there is a fold. */
final class RunMerge {
    private final @Nullable ValueFold fold;
    private final long largestRecord;
    private final BlockDecoder decoder;
    private byte[] key = new byte[64];
    private int keyLength;
    private byte[] value = new byte[64];
    private int valueLength;

    /**
     * Creates a merge.
     *
     * @param largestRecord the most bytes that key and folded value may take
     */
    RunMerge(@Nullable ValueFold fold, long largestRecord, BlockDecoder decoder) {
        this.fold = fold;
        this.largestRecord = largestRecord;
        this.decoder = decoder;
    }

    /** Writes the records of {@code segments} as one partition of {@code out}. */
    void merge(List<Segment> segments, int partition, RunWriter out) throws IOException {
        try (MergeQueue queue = MergeQueue.open(segments, decoder)) {
            if (fold == null) {
                while (queue.advance()) {
                    RecordCursor record = queue.current();
                    out.record(
                            partition,
                            record.array,
                            record.keyOffset,
                            record.keyLength,
                            record.array,
                            record.valueOffset,
                            record.valueLength);
                }
            } else {
                mergeFolding(queue, fold, partition, out);
            }
        }
    }

    /** Writes the records of one segment as they stand. */
    void copy(Segment segment, int partition, RunWriter out) throws IOException {
        if (segment.records() > 0) {
            merge(List.of(segment), partition, out);
        }
    }

    private void mergeFolding(MergeQueue queue, ValueFold byFold, int partition, RunWriter out) throws IOException {
        boolean held = false;
        while (queue.advance()) {
            RecordCursor record = queue.current();
            if (held && record.keyIs(key, keyLength)) {
                foldIn(byFold, record);
                continue;
            }
            if (held) {
                out.record(partition, key, 0, keyLength, value, 0, valueLength);
            }
            key = ensure(key, record.keyLength);
            System.arraycopy(record.array, record.keyOffset, key, 0, record.keyLength);
            keyLength = record.keyLength;
            keep(record.array, record.valueOffset, record.valueLength);
            held = true;
        }
        if (held) {
            out.record(partition, key, 0, keyLength, value, 0, valueLength);
        }
    }

    private void foldIn(ValueFold byFold, RecordCursor record) {
        if (byFold instanceof FixedWidthFold fixed) {
            fixed.requireWidth(record.valueLength);
            fixed.fold(value, 0, record.array, record.valueOffset);
            return;
        }
        CodecFold general = (CodecFold) byFold;
        general.fold(value, 0, valueLength, record.array, record.valueOffset, record.valueLength);
        if ((long) keyLength + general.length() > largestRecord) {
            throw new SampoException(
                    ErrorCode.RECORD_TOO_LARGE,
                    "combining made a record of " + keyLength + " bytes key and " + general.length()
                            + " bytes value; expected at most " + largestRecord
                            + " bytes, a third of the memory of an attempt");
        }
        keep(general.array(), 0, general.length());
    }

    private void keep(byte[] source, int offset, int length) {
        value = ensure(value, length);
        System.arraycopy(source, offset, value, 0, length);
        valueLength = length;
    }

    private static byte[] ensure(byte[] buffer, int length) {
        return buffer.length >= length ? buffer : new byte[(int) Math.min(Integer.MAX_VALUE - 8, length + length / 2L)];
    }
}
