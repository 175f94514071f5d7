package dev.sampo.internal.execute;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bounded dispatcher of user code: as many threads as the node has slots, none of them shared with actors. An
 * attempt that ignores its interrupt keeps its thread, and so costs the node that slot.
 */
public final class UserThreads implements AutoCloseable {
    private final ExecutorService executor;

    /**
     * Makes the threads, each when it is first needed.
     *
     * @param name the beginning of their names
     * @param slots how many, at least 1
     */
    public UserThreads(String name, int slots) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(slots, slots, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-user-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.executor = pool;
    }

    /** Starts work. Interrupt it by canceling what this returns. */
    Future<?> start(Runnable work) {
        return executor.submit(work);
    }

    /** Interrupts what runs and takes no more. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    /**
     * Waits until all threads have ended.
     *
     * @return whether they have, within the time
     */
    public boolean awaitEnd(long millis) throws InterruptedException {
        return executor.awaitTermination(millis, TimeUnit.MILLISECONDS);
    }
}
