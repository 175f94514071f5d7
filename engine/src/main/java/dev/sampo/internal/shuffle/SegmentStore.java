package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The map outputs a node holds, by attempt, until their job is over. Safe for many threads. Outputs in memory count
 * against a budget; one that does not fit is written to a file when it is put.
 */
public final class SegmentStore implements AutoCloseable {
    private final ShuffleSettings settings;
    private final long memoryBytes;
    private final Path directory;
    private final ConcurrentHashMap<AttemptId, MapOutput> outputs = new ConcurrentHashMap<>();
    private final AtomicLong memoryUsed = new AtomicLong();
    private final AtomicLong moved = new AtomicLong();
    private volatile boolean closed;

    /**
     * Creates an empty store.
     *
     * @param memoryBytes the heap that outputs in memory may take together; 0 writes all to files
     * @param directory where outputs go that do not fit, of this node alone; created when needed
     */
    public SegmentStore(ShuffleSettings settings, long memoryBytes, Path directory) {
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("segment memory: " + memoryBytes + " bytes; expected at least 0");
        }
        this.settings = settings;
        this.memoryBytes = memoryBytes;
        this.directory = directory;
    }

    /**
     * Takes an output. It belongs to the store from then on, also when this fails: then it is deleted.
     *
     * @throws SampoException {@link ErrorCode#SPILL_FAILED} when it has to go to a file that cannot be written, {@link
     *     ErrorCode#ENGINE_CLOSED} when the store is closed
     * @throws IllegalStateException when the store holds an output of this attempt; that one stays
     * @throws IOException when the thread was interrupted
     */
    public void put(AttemptId id, MapOutput output) throws IOException {
        MapOutput kept = reserve(output) ? output : writeToFile(id, output);
        if (outputs.putIfAbsent(id, kept) != null) {
            drop(kept);
            throw new IllegalStateException("attempt " + id + " has an output already; expected one per attempt");
        }
        refuseIfClosed(id);
    }

    /** Closing empties the map after it sets the flag, so one of the two sees the other. */
    private void refuseIfClosed(AttemptId id) {
        if (closed) {
            remove(id);
            throw new SampoException(
                    ErrorCode.ENGINE_CLOSED, "output of " + id + ": the segment store is closed; expected an open one");
        }
    }

    /** Counts an output against the budget; false when it does not fit. An output in a file always does. */
    private boolean reserve(MapOutput output) {
        if (!output.inMemory()) {
            return true;
        }
        long size = output.storedBytes();
        if (memoryUsed.addAndGet(size) <= memoryBytes) {
            return true;
        }
        memoryUsed.addAndGet(-size);
        return false;
    }

    private MapOutput writeToFile(AttemptId id, MapOutput output) throws IOException {
        Path file = directory.resolve(id.task().job().value()).resolve(id.localName() + ".out");
        RunMerge copy = new RunMerge(null, Long.MAX_VALUE, new BlockDecoder());
        try (RunWriter out =
                RunWriter.toFile(id.toString(), output.partitions(), output.blockBytes(), settings.compress(), file)) {
            for (int partition = 0; partition < output.partitions(); partition++) {
                copy.copy(output.segment(partition), partition, out);
            }
            return out.finish();
        }
    }

    /**
     * Takes over an output from another node under the same attempt; it goes to a file, and every block of it is checked.
     *
     * @param id the attempt
     * @param in what an {@link OutputSource} sent, to its end; stays open
     * @return false when this store holds the output already; then nothing is read
     * @throws SampoException {@link ErrorCode#FETCH_FAILED} when it is damaged or not whole, {@link
     *     ErrorCode#SPILL_FAILED} when it cannot be written, {@link ErrorCode#ENGINE_CLOSED} when the store is closed
     * @throws IOException when the stream fails, or the thread was interrupted
     */
    public boolean adopt(AttemptId id, InputStream in) throws IOException {
        if (outputs.containsKey(id)) {
            return false;
        }
        Path file = directory
                .resolve(id.task().job().value())
                .resolve(id.localName() + ".moved-" + moved.incrementAndGet());
        MapOutput output = MovedOutput.read(id, in, file);
        if (outputs.putIfAbsent(id, output) != null) {
            output.delete();
            return false;
        }
        refuseIfClosed(id);
        return true;
    }

    /** Returns the output of an attempt, or null. What is read from it while it is removed may be cut off. */
    public @Nullable MapOutput find(AttemptId id) {
        return outputs.get(id);
    }

    /** Returns whose outputs are held, in order. */
    public Set<AttemptId> held() {
        return new TreeSet<>(outputs.keySet());
    }

    /** Returns the jobs of which outputs are held, in order. */
    public Set<JobId> jobs() {
        Set<JobId> jobs = new TreeSet<>(Comparator.comparing(JobId::value));
        outputs.keySet().forEach(id -> jobs.add(id.task().job()));
        return jobs;
    }

    /** Deletes the output of an attempt; false when there is none. */
    public boolean remove(AttemptId id) {
        MapOutput output = outputs.remove(id);
        if (output == null) {
            return false;
        }
        drop(output);
        return true;
    }

    /** Deletes all outputs of a job. */
    public void removeJob(JobId job) {
        for (AttemptId id : outputs.keySet()) {
            if (id.task().job().equals(job)) {
                remove(id);
            }
        }
    }

    private void drop(MapOutput output) {
        if (output.inMemory()) {
            memoryUsed.addAndGet(-output.storedBytes());
        }
        output.delete();
    }

    /** Returns the heap that outputs in memory take, in bytes. */
    public long memoryUsed() {
        return memoryUsed.get();
    }

    /** Deletes all outputs and refuses further ones. */
    @Override
    public void close() {
        closed = true;
        for (AttemptId id : outputs.keySet()) {
            remove(id);
        }
        TempFiles.deleteIfEmpty(directory);
    }
}
