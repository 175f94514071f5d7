package dev.sampo.internal.execute;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The bounded dispatcher of user code: as many threads as the node has slots, none of them shared with actors. What is
 * started in one slot runs one after the other. An attempt that ignores its interrupt keeps its thread, and so costs the
 * node that slot.
 */
public final class UserThreads implements AutoCloseable {
    private final String name;
    private final int slots;
    private final AtomicInteger number = new AtomicInteger();
    private final List<ExecutorService> former = new ArrayList<>();
    private final Map<Long, Chain> chains = new HashMap<>();
    private ExecutorService executor;
    private boolean closed;

    /**
     * Makes the threads, each when it is first needed.
     *
     * @param name the beginning of their names
     * @param slots how many, at least 1
     */
    public UserThreads(String name, int slots) {
        this.name = name;
        this.slots = slots;
        this.executor = pool();
    }

    private ExecutorService pool() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(slots, slots, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-user-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Has what is started from now on run on new threads, and the threads that are there end with what they run: whatever
     * the code of a job has attached to them, such as its thread-locals, goes with them.
     */
    synchronized void renew() {
        former.removeIf(ExecutorService::isTerminated);
        executor.shutdown();
        former.add(executor);
        executor = pool();
    }

    /**
     * Starts work, after what was started in the same slot before. Interrupt it by canceling what this returns.
     *
     * @param lease the slot
     */
    synchronized Future<?> start(long lease, Runnable work) {
        FutureTask<?> task = new FutureTask<>(work, null);
        Chain chain = chains.get(lease);
        if (chain == null) {
            chain = new Chain(lease);
            executor.execute(chain);
            chains.put(lease, chain);
        }
        chain.waiting.add(task);
        return task;
    }

    /** What is to run in one slot. */
    private final class Chain implements Runnable {
        private final long lease;
        private final Deque<FutureTask<?>> waiting = new ArrayDeque<>();
        private ExecutorService on = executor;

        private Chain(long lease) {
            this.lease = lease;
        }

        @Override
        public void run() {
            for (FutureTask<?> next = next(); next != null; next = next()) {
                next.run();
                Thread.interrupted(); // it was meant for what has ended
            }
        }

        /** Returns what runs next on this thread; null when nothing does. */
        private @Nullable FutureTask<?> next() {
            synchronized (UserThreads.this) {
                if (!closed && !waiting.isEmpty() && on != executor) {
                    on = executor;
                    on.execute(this); // on a new thread
                    return null;
                }
                FutureTask<?> next = closed ? null : waiting.poll();
                if (next == null) {
                    chains.remove(lease);
                }
                return next;
            }
        }
    }

    /** Interrupts what runs and takes no more. */
    @Override
    public synchronized void close() {
        closed = true;
        former.forEach(ExecutorService::shutdownNow);
        executor.shutdownNow();
    }

    /**
     * Waits until all threads have ended.
     *
     * @return whether they have, within the time
     */
    public boolean awaitEnd(long millis) throws InterruptedException {
        List<ExecutorService> all;
        synchronized (this) {
            all = new ArrayList<>(former);
            all.add(executor);
        }
        boolean ended = true;
        for (ExecutorService each : all) {
            // one that does not end takes the whole time; the others then need none
            ended &= each.awaitTermination(ended ? millis : 0, TimeUnit.MILLISECONDS);
        }
        return ended;
    }
}
