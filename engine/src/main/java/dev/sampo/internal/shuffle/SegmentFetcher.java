package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Fetches segments that other nodes hold. Safe for many threads; a call blocks its thread, and an interrupt ends it. A
 * fetched segment lies in memory while the budget has room, else in a file. What it takes is given back when a reader
 * has read it to its end, or nobody holds the segment any more; opened again after that it is fetched again.
 */
public final class SegmentFetcher implements AutoCloseable {
    private static final int IDLE_PER_HOLDER = 4;

    private final long memoryBytes;
    private final Path directory;
    private final Duration timeout;
    private final Cleaner cleaner = Cleaner.create();
    private final AtomicLong memoryUsed = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final Map<InetSocketAddress, ConcurrentLinkedDeque<FetchConnection>> idle = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Creates a fetcher.
     *
     * @param memoryBytes the heap that fetched segments may take together; 0 puts all in files
     * @param directory where files go, of this node alone; created when needed
     * @param timeout how long a connection may take to come about, and how long it may be silent
     */
    public SegmentFetcher(long memoryBytes, Path directory, Duration timeout) {
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("fetch memory: " + memoryBytes + " bytes; expected at least 0");
        }
        this.memoryBytes = memoryBytes;
        this.directory = directory;
        this.timeout = timeout;
    }

    /**
     * Fetches a segment.
     *
     * @param host where its holder serves segments
     * @throws IOException when the holder cannot be reached, is silent, or does not have it; {@link
     *     ClosedByInterruptException} when the thread was interrupted
     * @throws dev.sampo.spi.SampoException when a file it should go to cannot be written
     */
    public Segment fetch(String host, int port, AttemptId producer, int partition) throws IOException {
        InetSocketAddress holder = new InetSocketAddress(host, port);
        return new FetchedSegment(this, holder, producer, partition, load(holder, producer, partition));
    }

    /** Fetches the bytes. A connection that was idle may be dead: then a new one is tried. */
    FetchedBytes load(InetSocketAddress holder, AttemptId producer, int partition) throws IOException {
        FetchConnection reused = takeIdle(holder);
        if (reused != null) {
            try {
                return load(reused, producer, partition);
            } catch (ClosedByInterruptException | FetchConnection.RefusedException lasting) {
                throw lasting;
            } catch (IOException stale) {
                reused.close();
            }
        }
        return load(FetchConnection.open(holder, timeout), producer, partition);
    }

    private FetchedBytes load(FetchConnection connection, AttemptId producer, int partition) throws IOException {
        boolean whole = false;
        try {
            FetchedBytes bytes = connection.request(producer, partition, this::store);
            whole = true;
            return bytes;
        } catch (FetchConnection.RefusedException refused) {
            whole = true;
            throw refused;
        } finally {
            if (whole) {
                giveIdle(connection);
            } else {
                connection.close();
            }
        }
    }

    private FetchedBytes store(FetchConnection.Header header) {
        long bytes = header.storedBytes();
        if (bytes <= Integer.MAX_VALUE - 8 && memoryUsed.addAndGet(bytes) <= memoryBytes) {
            return FetchedBytes.inMemory(header, () -> memoryUsed.addAndGet(-bytes));
        }
        if (bytes <= Integer.MAX_VALUE - 8) {
            memoryUsed.addAndGet(-bytes);
        }
        return FetchedBytes.inFile(header, directory.resolve("fetched-" + files.incrementAndGet()));
    }

    /** Gives the bytes back when {@code owner} is not reachable any more. */
    void releaseWith(Object owner, FetchedBytes bytes) {
        cleaner.register(owner, bytes::release);
    }

    private @Nullable FetchConnection takeIdle(InetSocketAddress holder) {
        ConcurrentLinkedDeque<FetchConnection> connections = idle.get(holder);
        return connections == null ? null : connections.pollLast();
    }

    private void giveIdle(FetchConnection connection) {
        ConcurrentLinkedDeque<FetchConnection> connections =
                idle.computeIfAbsent(connection.holder(), holder -> new ConcurrentLinkedDeque<>());
        if (closed || connections.size() >= IDLE_PER_HOLDER) {
            connection.close();
            return;
        }
        connections.addLast(connection);
        if (closed) {
            closeIdle();
        }
    }

    /** Returns the heap that fetched segments take, in bytes. */
    public long memoryUsed() {
        return memoryUsed.get();
    }

    /** Closes idle connections. Segments that were fetched stay readable. */
    @Override
    public void close() {
        closed = true;
        closeIdle();
    }

    private void closeIdle() {
        for (ConcurrentLinkedDeque<FetchConnection> connections : idle.values()) {
            for (FetchConnection connection = connections.pollLast();
                    connection != null;
                    connection = connections.pollLast()) {
                connection.close();
            }
        }
    }
}
