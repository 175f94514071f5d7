package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Path;
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
        // Closing empties the map after it sets the flag, so one of the two sees the other.
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

    /** Finds the partitions of an output that another store holds. */
    @FunctionalInterface
    public interface Origin {
        /** Returns a partition; may block. */
        Segment partition(int partition) throws IOException;
    }

    /**
     * Copies an output that another store holds; does nothing when it is here already.
     *
     * @throws IOException when a partition cannot be had
     */
    public void adopt(AttemptId id, int partitions, Origin origin) throws IOException {
        if (outputs.containsKey(id)) {
            return;
        }
        Path file = directory.resolve(id.task().job().value()).resolve(id.localName() + ".adopted");
        RunMerge copy = new RunMerge(null, Long.MAX_VALUE, new BlockDecoder());
        MapOutput output;
        try (RunWriter out =
                RunWriter.toFile(id.toString(), partitions, settings.blockBytes(), settings.compress(), file)) {
            for (int partition = 0; partition < partitions; partition++) {
                copy.copy(origin.partition(partition), partition, out);
            }
            output = out.finish();
        }
        put(id, output);
    }

    /** Returns the output of an attempt, or null. What is read from it while it is removed may be cut off. */
    public @Nullable MapOutput find(AttemptId id) {
        return outputs.get(id);
    }

    /** Returns whose outputs are held, in order. */
    public Set<AttemptId> held() {
        return new TreeSet<>(outputs.keySet());
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
