package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.transfer.TransferClient;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Fetches segments that other nodes hold: from several nodes at once, and many of one node with one request. Safe for many
 * threads; a call blocks its thread, and an interrupt ends it. A fetched segment lies in memory while the budget has room,
 * else in a file, one for each request. What it takes is given back when a reader has read it to its end, or nobody holds
 * the segment any more; opened again after that it is fetched again.
 */
public final class SegmentFetcher implements AutoCloseable {
    private static final int THREADS = 4;

    private final TransferClient client;
    private final long memoryBytes;
    private final Path directory;
    private final Cleaner cleaner = Cleaner.create();
    private final AtomicLong memoryUsed = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong fetchedBytes = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ThreadPoolExecutor threads;

    /**
     * A segment to fetch.
     *
     * @param holder the node that has it
     * @param producer whose output it is part of
     * @param partition the partition
     */
    public record Wanted(SegmentHolder holder, AttemptId producer, int partition) {}

    /**
     * Creates a fetcher.
     *
     * @param client reads from the data ports of other nodes; stays open
     * @param memoryBytes the heap that fetched segments may take together; 0 puts all in files
     * @param directory where files go, of this node alone; created when needed
     */
    public SegmentFetcher(TransferClient client, long memoryBytes, Path directory) {
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("fetch memory: " + memoryBytes + " bytes; expected at least 0");
        }
        this.client = client;
        this.memoryBytes = memoryBytes;
        this.directory = directory;
        this.threads =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "sampo-fetch");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Fetches segments.
     *
     * @param wanted what to fetch, of any nodes
     * @return the segments in the same order
     * @throws SegmentFetchException when a node cannot be reached or does not have one of them, after a few tries
     * @throws ClosedByInterruptException when the thread was interrupted
     * @throws dev.sampo.spi.SampoException when a file they should go to cannot be written
     */
    public List<Segment> fetch(List<Wanted> wanted) throws IOException {
        List<List<Integer>> batches = batches(wanted);
        List<FetchBatch> requests = new ArrayList<>(batches.size());
        List<Future<List<FetchedBytes>>> running = new ArrayList<>(batches.size());
        @Nullable Segment[] segments = new Segment[wanted.size()];
        boolean whole = false;
        try {
            for (List<Integer> batch : batches) {
                FetchBatch request = request(wanted, batch);
                requests.add(request);
                running.add(submit(request));
            }
            for (int i = 0; i < batches.size(); i++) {
                List<FetchedBytes> bytes = result(running.get(i));
                for (int j = 0; j < bytes.size(); j++) {
                    int at = batches.get(i).get(j);
                    segments[at] = new FetchedSegment(this, wanted.get(at), bytes.get(j));
                }
            }
            whole = true;
        } finally {
            if (!whole) {
                running.forEach(one -> one.cancel(true));
                requests.forEach(FetchBatch::abandon);
            }
        }
        List<Segment> all = new ArrayList<>(segments.length);
        for (Segment segment : segments) {
            all.add(Objects.requireNonNull(segment, "segment"));
        }
        return all;
    }

    /** Returns the places in {@code wanted} that one request fetches, of each. */
    private static List<List<Integer>> batches(List<Wanted> wanted) {
        record Source(SegmentHolder holder, int stage, int partition) {}
        Map<Source, List<Integer>> open = new LinkedHashMap<>();
        List<List<Integer>> batches = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Wanted one = wanted.get(i);
            Source source = new Source(one.holder, one.producer.task().stage(), one.partition);
            List<Integer> batch = open.get(source);
            if (batch == null || batch.size() == SegmentNames.MOST_SEGMENTS) {
                batch = new ArrayList<>();
                batches.add(batch);
                open.put(source, batch);
            }
            batch.add(i);
        }
        return batches;
    }

    private FetchBatch request(List<Wanted> wanted, List<Integer> batch) {
        Wanted first = wanted.get(batch.get(0));
        return new FetchBatch(
                this,
                first.holder,
                first.partition,
                batch.stream().map(at -> wanted.get(at).producer).toList());
    }

    private Future<List<FetchedBytes>> submit(FetchBatch request) throws IOException {
        try {
            return threads.submit(request);
        } catch (RejectedExecutionException e) {
            throw request.failed("the fetcher is closed", e);
        }
    }

    private static List<FetchedBytes> result(Future<List<FetchedBytes>> running) throws IOException {
        try {
            return running.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof SegmentFetchException told) {
                throw new SegmentFetchException(told.producer(), String.valueOf(told.getMessage()), told);
            }
            if (cause instanceof IOException failure) {
                throw failure;
            }
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a fetch ended with " + cause, cause);
        }
    }

    /** Fetches the bytes of a segment that were given back already. */
    FetchedBytes load(Wanted wanted) throws IOException {
        return new FetchBatch(this, wanted.holder, wanted.partition, List.of(wanted.producer))
                .call()
                .get(0);
    }

    TransferClient client() {
        return client;
    }

    boolean reserve(long bytes) {
        if (bytes > Integer.MAX_VALUE - 8) {
            return false;
        }
        if (memoryUsed.addAndGet(bytes) <= memoryBytes) {
            return true;
        }
        memoryUsed.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        memoryUsed.addAndGet(-bytes);
    }

    FetchFile newFile() throws IOException {
        return new FetchFile(directory.resolve("fetched-" + files.incrementAndGet()));
    }

    void count(long bytes) {
        fetchedBytes.addAndGet(bytes);
    }

    /** Waits before another try; not when the fetcher is closed. */
    void pause(long time, TimeUnit unit) throws IOException {
        try {
            if (closing.await(time, unit)) {
                throw new ClosedByInterruptException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    /** Gives the bytes back when {@code owner} is not reachable any more. */
    void releaseWith(Object owner, FetchedBytes bytes) {
        cleaner.register(owner, bytes::release);
    }

    /** Returns the heap that fetched segments take, in bytes. */
    public long memoryUsed() {
        return memoryUsed.get();
    }

    /** Returns the bytes of segments that came from other nodes so far. */
    public long fetchedBytes() {
        return fetchedBytes.get();
    }

    /** Ends what is being fetched. Segments that were fetched stay readable. */
    @Override
    public void close() {
        closing.countDown();
        threads.shutdownNow();
    }
}
