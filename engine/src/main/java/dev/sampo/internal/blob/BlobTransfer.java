package dev.sampo.internal.blob;

import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Gets blobs from other nodes into the store of this one, on a few threads of its own. Safe for many threads. */
public final class BlobTransfer implements AutoCloseable {
    private static final int THREADS = 2;

    private final BlobStore store;
    private final Supplier<DataAddress> address;
    private final BlobLinks links;
    private final ThreadPoolExecutor threads;

    /**
     * Makes the transfer of a node.
     *
     * @param store where its blobs are
     * @param address where it serves them; asked when others are told
     * @param links the way to others
     */
    public BlobTransfer(BlobStore store, Supplier<DataAddress> address, BlobLinks links) {
        this.store = store;
        this.address = address;
        this.links = links;
        AtomicInteger number = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "sampo-blob-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Makes the transfer of a node that nobody else reads from and that reads from nobody. */
    public static BlobTransfer alone(BlobStore store) {
        return new BlobTransfer(store, () -> DataAddress.NONE, (holder, digest) -> {
            throw new IOException("this engine has no other node");
        });
    }

    /** Returns the store of this node. */
    public BlobStore store() {
        return store;
    }

    /** Returns where this node serves its blobs. */
    public DataAddress address() {
        return address.get();
    }

    /** Returns the threads that may block for a transfer. */
    public Executor threads() {
        return threads;
    }

    /**
     * Copies a blob from another node and has a job hold it. Blocks.
     *
     * @throws SampoException {@link ErrorCode#FETCH_FAILED} when the holder is to blame or the way to it, as {@link
     *     BlobStore#put} otherwise
     */
    public void fetch(JobId job, BlobRef blob, DataAddress holder) {
        if (store.retain(job, List.of(blob)).isEmpty()) {
            return;
        }
        try (InputStream in = links.open(holder, blob.digest())) {
            store.put(job, blob, in);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.FETCH_FAILED,
                    "blob " + blob.name() + " cannot be fetched from " + holder + ": " + e.getMessage(),
                    e);
        }
    }

    /** Gives up what is under way. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
