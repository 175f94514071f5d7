package dev.sampo.internal.shuffle;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes the records of one attempt and makes its {@link MapOutput}: sorted by (partition, key bytes), equal keys in the
 * order of emission, or one record per key where there is a fold. Used by one thread.
 *
 * <p>Records gather in memory. What does not fit is written as sorted spills, which are merged at the end. An output
 * that fits beside its records stays in memory and never meets a file. The records of the output depend on neither.
 */
public final class MapOutputBuffer implements AutoCloseable {
    /** The smallest budget that works. */
    public static final long LEAST_MEMORY = 1 << 20;

    private static final long LARGEST_IMAGE = 1 << 30;

    private final ShuffleSpec spec;
    private final ShuffleSettings settings;
    private final long memoryBytes;
    private final long largestRecord;
    private final int blockBytes;
    private final Path directory;
    private final String attemptName;
    private final List<Spill> spills = new ArrayList<>();
    private @Nullable RecordCollector records;
    private int files;
    private long added;
    private long recordsOut;
    private long bytesOut;
    private long spillCount;
    private long spilledBytes;

    /**
     * Creates a buffer.
     *
     * @param memoryBytes the heap it may take, {@link #LEAST_MEMORY} or more; one record may take a third
     * @param directory where spills and a large output go, of this attempt alone; created when needed
     * @param attemptName names the files and the output
     */
    public MapOutputBuffer(
            ShuffleSpec spec, ShuffleSettings settings, long memoryBytes, Path directory, String attemptName) {
        if (memoryBytes < LEAST_MEMORY) {
            throw new IllegalArgumentException(
                    "shuffle memory: " + memoryBytes + " bytes; expected at least " + LEAST_MEMORY);
        }
        this.spec = spec;
        this.settings = settings;
        this.memoryBytes = memoryBytes;
        this.directory = directory;
        this.attemptName = attemptName;
        this.blockBytes = settings.blockBytesFor(memoryBytes);
        // The sort counts partitions in two arrays of int.
        long reserve = RunWriter.heapBytes(spec.partitions(), blockBytes) + 8L * spec.partitions();
        long limit = Math.max(memoryBytes / 2, memoryBytes - reserve);
        this.largestRecord = Math.min(limit / 3, Integer.MAX_VALUE / 2);
        long page = Long.highestOneBit(memoryBytes / 64);
        int pageBytes = (int) Math.max(RecordPages.SMALLEST_PAGE, Math.min(RecordPages.LARGEST_PAGE, page));
        this.records = spec.fold() == null
                ? new RecordBuffer(spec.partitions(), limit, pageBytes)
                : new CombineTable(spec.fold(), spec.partitions(), limit, pageBytes);
    }

    /**
     * Adds a record; the bytes are copied.
     *
     * @throws SampoException {@link ErrorCode#RECORD_TOO_LARGE}, {@link ErrorCode#PARTITION_OUT_OF_RANGE}, {@link
     *     ErrorCode#SPILL_FAILED}, or {@link ErrorCode#JOB_INVALID} when fold and combine disagree
     * @throws IOException when the thread was interrupted while it wrote
     */
    public void add(
            int partition, byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength)
            throws IOException {
        long hash = spec.fold() == null ? 0 : KeyHash.hash(key, keyOffset, keyLength);
        add(partition, hash, key, keyOffset, keyLength, value, valueOffset, valueLength);
    }

    /** Adds a record whose {@link KeyHash} the caller has computed already. Otherwise as the other {@code add}. */
    public void add(
            int partition,
            long keyHash,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength)
            throws IOException {
        RecordCollector open = requireOpen();
        if (partition < 0 || partition >= spec.partitions()) {
            throw new SampoException(
                    ErrorCode.PARTITION_OUT_OF_RANGE,
                    "partition " + partition + "; expected 0 to " + (spec.partitions() - 1));
        }
        if ((long) keyLength + valueLength > largestRecord) {
            throw tooLarge(keyLength, valueLength);
        }
        added++;
        if (!open.add(partition, keyHash, key, keyOffset, keyLength, value, valueOffset, valueLength)) {
            if (open.count() > 0) {
                spill(open);
            }
            if (!open.add(partition, keyHash, key, keyOffset, keyLength, value, valueOffset, valueLength)) {
                throw tooLarge(keyLength, valueLength);
            }
        }
    }

    private SampoException tooLarge(int keyLength, int valueLength) {
        return new SampoException(
                ErrorCode.RECORD_TOO_LARGE,
                "a record of " + keyLength + " bytes key and " + valueLength + " bytes value; expected at most "
                        + largestRecord + " bytes, a third of the " + memoryBytes + " bytes of an attempt");
    }

    private RecordCollector requireOpen() {
        if (records == null) {
            throw new IllegalStateException(attemptName + ": the buffer is finished or closed");
        }
        return records;
    }

    private void spill(RecordCollector full) throws IOException {
        try (RunWriter out = newFile("spill-" + files)) {
            full.drain(out);
            keep(out.finish());
        }
        full.reset();
    }

    private RunWriter newFile(String suffix) throws IOException {
        files++;
        return RunWriter.toFile(
                attemptName,
                spec.partitions(),
                blockBytes,
                settings.compress(),
                directory.resolve(attemptName + "." + suffix));
    }

    private void keep(MapOutput run) {
        spills.add(new Spill(run));
        spillCount++;
        spilledBytes += run.storedBytes();
    }

    /**
     * Ends the attempt's records and returns the output, which belongs to the caller from then on. Called once.
     *
     * @throws SampoException {@link ErrorCode#SPILL_FAILED}, or {@link ErrorCode#DATA_CORRUPT} when a spill does not read
     *     back
     * @throws IOException when the thread was interrupted
     */
    public MapOutput finish() throws IOException {
        RecordCollector last = requireOpen();
        MapOutput output;
        if (spills.isEmpty()) {
            try (RunWriter out = outputWriter(last)) {
                last.drain(out);
                output = finish(out);
            }
        } else {
            if (last.count() > 0) {
                spill(last);
            }
            records = null;
            output = mergeSpills();
        }
        close();
        return output;
    }

    private RunWriter outputWriter(RecordCollector last) throws IOException {
        long image = RunWriter.memoryBytes(last.encodedBytes(), last.count(), spec.partitions(), blockBytes);
        if (image <= LARGEST_IMAGE && last.held() + image <= memoryBytes) {
            return RunWriter.toMemory(attemptName, spec.partitions(), blockBytes, (int) image);
        }
        return newFile("out");
    }

    private MapOutput finish(RunWriter out) throws IOException {
        MapOutput output = out.finish();
        recordsOut = out.records();
        bytesOut = out.bytes();
        return output;
    }

    private MapOutput mergeSpills() throws IOException {
        BlockDecoder decoder = new BlockDecoder();
        RunMerge merge = new RunMerge(spec.fold(), largestRecord, decoder);
        // The writer, and the stored bytes of the block being read.
        long heap = memoryBytes - RunWriter.heapBytes(spec.partitions(), blockBytes) - 2L * blockBytes;
        while (!MergeWindow.fits(spills, settings.mergeFanIn(), heap)) {
            MergeWindow window = MergeWindow.choose(spills, settings.mergeFanIn(), heap);
            List<Spill> inputs = spills.subList(window.from(), window.to());
            try (RunWriter out = newFile("spill-" + files)) {
                merge(inputs, merge, out);
                MapOutput run = out.finish();
                inputs.forEach(Spill::delete);
                inputs.clear();
                spills.add(window.from(), new Spill(run));
                spillCount++;
                spilledBytes += run.storedBytes();
            }
        }
        try (RunWriter out = newFile("out")) {
            merge(spills, merge, out);
            return finish(out);
        }
    }

    private void merge(List<Spill> inputs, RunMerge merge, RunWriter out) throws IOException {
        List<FileChannel> channels = new ArrayList<>();
        try {
            for (Spill input : inputs) {
                channels.add(input.run.openChannel(ErrorCode.DATA_CORRUPT));
            }
            List<Segment> segments = new ArrayList<>();
            for (int partition = 0; partition < spec.partitions(); partition++) {
                segments.clear();
                for (int i = 0; i < inputs.size(); i++) {
                    if (inputs.get(i).run.index().records(partition) > 0) {
                        segments.add(inputs.get(i).run.spilled(partition, channels.get(i)));
                    }
                }
                if (!segments.isEmpty()) {
                    merge.merge(segments, partition, out);
                }
            }
        } finally {
            for (FileChannel channel : channels) {
                channel.close();
            }
        }
    }

    /** Returns the records of the output, after combining. Known after {@link #finish}. */
    public long recordsOut() {
        return recordsOut;
    }

    /** Returns the bytes of keys and values of the output, before compression. Known after {@link #finish}. */
    public long bytesOut() {
        return bytesOut;
    }

    /** Returns how many records combining made unnecessary. Known after {@link #finish}. */
    public long combined() {
        return added - recordsOut;
    }

    /** Returns how many sorted runs were written for want of memory, those of intermediate merges too. */
    public long spills() {
        return spillCount;
    }

    /** Returns the bytes of those runs as stored. */
    public long spilledBytes() {
        return spilledBytes;
    }

    /** Frees memory and deletes the spills; not the finished output. May be called at any time and more than once. */
    @Override
    public void close() {
        records = null;
        spills.forEach(Spill::delete);
        spills.clear();
    }

    /** A sorted run of this attempt. */
    private static final class Spill implements MergeWindow.Run {
        private final MapOutput run;
        private final long heapBytes;

        Spill(MapOutput run) {
            this.run = Objects.requireNonNull(run, "run");
            int largest = 0;
            for (int partition = 0; partition < run.partitions(); partition++) {
                largest = Math.max(largest, run.index().largestRecord(partition));
            }
            this.heapBytes = RecordCursor.heapBytes(run.blockBytes(), largest, false)
                    + (long) run.partitions() * SegmentIndex.Builder.BYTES_PER_PARTITION;
        }

        @Override
        public long heapBytes() {
            return heapBytes;
        }

        @Override
        public long storedBytes() {
            return run.storedBytes();
        }

        void delete() {
            run.delete();
        }
    }
}
