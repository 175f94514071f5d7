package dev.sampo.internal.shuffle;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Merges the segments of one partition and hands out groups of records: keys ascending, and the values of a key in the
 * order (segment, position), or with a secondary sort in the order of the composite keys. Used by one thread. Values are
 * streamed. When there are more segments than memory or fan-in allow, adjacent ones are first merged into files.
 */
public final class SegmentMerger implements AutoCloseable {
    private final ShuffleSpec spec;
    private final ShuffleSettings settings;
    private final long memoryBytes;
    private final int blockBytes;
    private final Path directory;
    private final BlockDecoder decoder = new BlockDecoder();
    private final List<Source> sources = new ArrayList<>();
    private @Nullable MergeQueue queue;
    private boolean closed;
    private int files;

    private byte[] key = new byte[64];
    private int keyLength;
    private int groupLength;
    private @Nullable RecordCursor record;
    /** The record that the queue stands on belongs to the current group and was not handed out yet. */
    private boolean pending;

    private boolean groupEnded = true;
    private boolean ended;
    private long recordsInAll;
    private long recordsRead;
    private long bytesRead;
    private long spills;
    private long spilledBytes;

    /**
     * Creates a merger. Nothing is read before the first {@link #nextGroup}.
     *
     * @param segments one partition's segments in the order of their map tasks
     * @param spec the grouping, and the fold for merges that take several passes
     * @param memoryBytes the heap it may take, 1 MiB or more; merges two segments at once even where they need more
     * @param directory where intermediate runs go, of this attempt alone; created when needed
     */
    public SegmentMerger(
            List<Segment> segments, ShuffleSpec spec, ShuffleSettings settings, long memoryBytes, Path directory) {
        if (memoryBytes < MapOutputBuffer.LEAST_MEMORY) {
            throw new IllegalArgumentException(
                    "shuffle memory: " + memoryBytes + " bytes; expected at least " + MapOutputBuffer.LEAST_MEMORY);
        }
        this.spec = spec;
        this.settings = settings;
        this.memoryBytes = memoryBytes;
        this.directory = directory;
        this.blockBytes = settings.blockBytesFor(memoryBytes);
        for (Segment segment : segments) {
            recordsInAll += segment.records();
            if (segment.records() > 0) {
                sources.add(new Source(segment, null));
            }
        }
    }

    /**
     * Goes to the next group, past what is left of the current one.
     *
     * @return false when there is none
     * @throws SampoException {@link ErrorCode#FETCH_FAILED} for a damaged or lost segment, {@link
     *     ErrorCode#DATA_CORRUPT} for a run of this merger, {@link ErrorCode#SPILL_FAILED}, {@link
     *     ErrorCode#RECORD_TOO_LARGE}
     * @throws IOException when the thread was interrupted
     */
    public boolean nextGroup() throws IOException {
        MergeQueue merge = queue == null ? start() : queue;
        while (!groupEnded) {
            step(merge);
        }
        if (ended || (recordsRead == 0 && record == null && !advance(merge))) {
            record = null;
            return false;
        }
        RecordCursor first = merge.current();
        if (key.length < first.keyLength) {
            key = new byte[(int) Math.min(Integer.MAX_VALUE - 8, first.keyLength * 3L / 2)];
        }
        System.arraycopy(first.array, first.keyOffset, key, 0, first.keyLength);
        keyLength = first.keyLength;
        groupLength = spec.grouping().groupLength(key, 0, keyLength);
        record = first;
        pending = true;
        groupEnded = false;
        return true;
    }

    /**
     * Goes to the next value of the group, the first one included.
     *
     * @return false when the group has no more
     */
    public boolean nextValue() throws IOException {
        if (groupEnded || queue == null) {
            return false;
        }
        if (!pending) {
            step(queue);
            if (groupEnded) {
                return false;
            }
        }
        pending = false;
        return true;
    }

    /** Takes the next record of all, and notes whether it ends the group. */
    private void step(MergeQueue merge) throws IOException {
        pending = false;
        if (!advance(merge)) {
            groupEnded = true;
            return;
        }
        RecordCursor next = merge.current();
        record = next;
        pending = true;
        groupEnded = !isInGroup(next);
    }

    private boolean isInGroup(RecordCursor next) {
        int length = next.keyLength;
        if (spec.grouping() == KeyGrouping.WHOLE) {
            return next.keyIs(key, keyLength);
        }
        // Two encodings of one group agree in all bytes that tell it, so neither is longer than the other key.
        return length >= groupLength
                && KeyOrder.same(next.array, next.keyOffset, groupLength, key, 0, groupLength)
                && spec.grouping().groupLength(next.array, next.keyOffset, length) == groupLength;
    }

    private boolean advance(MergeQueue merge) throws IOException {
        if (!merge.advance()) {
            ended = true;
            return false;
        }
        RecordCursor next = merge.current();
        recordsRead++;
        bytesRead += next.keyLength + next.valueLength;
        return true;
    }

    private MergeQueue start() throws IOException {
        if (closed) {
            throw new IllegalStateException("the merger is closed");
        }
        long largest = 0;
        for (Source source : sources) {
            largest = Math.max(largest, source.segment.largestRecord());
        }
        if (largest > memoryBytes / 2) {
            throw new SampoException(
                    ErrorCode.RECORD_TOO_LARGE,
                    "a record of " + largest + " bytes; expected at most " + memoryBytes / 2
                            + " bytes, half the memory of an attempt");
        }
        // The copy of a group's key, and the stored bytes of the block being read.
        long heap = memoryBytes - largest - 2L * blockBytes;
        long intermediate = heap - RunWriter.heapBytes(1, blockBytes);
        RunMerge merge = new RunMerge(spec.fold(), memoryBytes / 3, decoder);
        while (!MergeWindow.fits(sources, settings.mergeFanIn(), heap)) {
            MergeWindow window = MergeWindow.choose(sources, settings.mergeFanIn(), intermediate);
            List<Source> inputs = sources.subList(window.from(), window.to());
            Path file = directory.resolve("merge-" + files++);
            try (RunWriter out = RunWriter.toFile(file.toString(), 1, blockBytes, settings.compress(), file)) {
                merge.merge(inputs.stream().map(source -> source.segment).toList(), 0, out);
                MapOutput run = out.finish();
                inputs.forEach(Source::delete);
                inputs.clear();
                sources.add(window.from(), new Source(run.spilled(0, null), run));
                spills++;
                spilledBytes += run.storedBytes();
            }
        }
        MergeQueue opened =
                MergeQueue.open(sources.stream().map(source -> source.segment).toList(), decoder);
        queue = opened;
        return opened;
    }

    /** Returns the array of the group's first key, unchanged until the next {@link #nextGroup}. */
    public byte[] keyArray() {
        return key;
    }

    /** Returns where that key begins. */
    public int keyOffset() {
        return 0;
    }

    /** Returns the length of that key: the whole composite key with a secondary sort. */
    public int keyLength() {
        return keyLength;
    }

    /** Returns the array of the current value, unchanged until the next {@link #nextValue} or {@link #nextGroup}. */
    public byte[] valueArray() {
        return current().array;
    }

    /** Returns where the value begins. */
    public int valueOffset() {
        return current().valueOffset;
    }

    /** Returns the length of the value. */
    public int valueLength() {
        return current().valueLength;
    }

    /** Returns the array of the key of the current value's record, valid as long as the value. */
    public byte[] recordKeyArray() {
        return current().array;
    }

    /** Returns where that key begins. */
    public int recordKeyOffset() {
        return current().keyOffset;
    }

    /** Returns the length of that key. */
    public int recordKeyLength() {
        return current().keyLength;
    }

    private RecordCursor current() {
        if (record == null || pending) {
            throw new IllegalStateException("no current value; expected a call of nextValue that returned true");
        }
        return record;
    }

    /** Returns the records of all segments; the last merge may have fewer, where earlier ones combined some. */
    public long recordsInAll() {
        return recordsInAll;
    }

    /** Returns the records taken by the last merge so far. */
    public long recordsRead() {
        return recordsRead;
    }

    /** Returns the bytes of their keys and values. */
    public long bytesRead() {
        return bytesRead;
    }

    /** Returns how many intermediate runs were written. */
    public long spills() {
        return spills;
    }

    /** Returns the bytes of those as stored. */
    public long spilledBytes() {
        return spilledBytes;
    }

    /** Closes what it reads, frees its memory and deletes its runs. May be called at any time and more than once. */
    @Override
    public void close() {
        closed = true;
        if (queue != null) {
            queue.close();
            queue = null;
        }
        record = null;
        groupEnded = true;
        ended = true;
        decoder.clear();
        sources.forEach(Source::delete);
        sources.clear();
    }

    /** An input, or an intermediate run. */
    private record Source(Segment segment, @Nullable MapOutput run) implements MergeWindow.Run {
        @Override
        public long heapBytes() {
            return RecordCursor.heapBytes(segment.blockBytes(), segment.largestRecord(), segment.inPlace());
        }

        @Override
        public long storedBytes() {
            return segment.storedBytes();
        }

        void delete() {
            if (run != null) {
                run.delete();
            }
        }
    }
}
