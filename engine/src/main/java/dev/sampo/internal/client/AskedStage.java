package dev.sampo.internal.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stage that ends once, and costs a thread only when somebody waits for its end by callbacks: those are the caller's
 * code, which may submit the next job and wait for it. Safe for many threads.
 */
final class AskedStage<T> {
    private final String name;
    private final CompletableFuture<T> stage = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable T value;
    private @Nullable Throwable failure;
    private boolean asked;

    /** Creates a stage; {@code name} is that of the thread of its callbacks. */
    AskedStage(String name) {
        this.name = name;
    }

    /** Returns the stage. */
    CompletionStage<T> ask() {
        boolean over;
        synchronized (this) {
            asked = true;
            over = isDone();
        }
        if (over) {
            complete();
        }
        return stage.minimalCompletionStage();
    }

    boolean isDone() {
        return ended.getCount() == 0;
    }

    /** Waits for the end, at most so long. Returns whether it is there. */
    boolean await(long time, TimeUnit unit) throws InterruptedException {
        return ended.await(time, unit);
    }

    /** Waits for the end and returns why it failed, or null when it did not. */
    @Nullable
    Throwable awaitFailure() throws InterruptedException {
        ended.await();
        synchronized (this) {
            return failure;
        }
    }

    /** Returns the value of a stage that has ended well, else null. */
    synchronized @Nullable T value() {
        return value;
    }

    /** Ends the stage, with a value or a failure. Only the first end counts. */
    void end(@Nullable T result, @Nullable Throwable why) {
        synchronized (this) {
            if (isDone()) {
                return;
            }
            value = result;
            failure = why;
            ended.countDown();
            if (!asked) {
                return; // ask() completes it
            }
        }
        Thread callbacks = new Thread(this::complete, name);
        callbacks.setDaemon(true);
        callbacks.start();
    }

    private void complete() {
        Throwable why;
        T result;
        synchronized (this) {
            why = failure;
            result = value;
        }
        if (why != null) {
            stage.completeExceptionally(why);
        } else {
            stage.complete(result);
        }
    }
}
