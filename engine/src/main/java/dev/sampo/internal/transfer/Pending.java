package dev.sampo.internal.transfer;

import dev.sampo.spi.ErrorCode;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Something that an event loop will bring, once, and that a thread waits for. */
final class Pending<T> {
    private record Outcome<T>(@Nullable T value, @Nullable IOException failure) {}

    private final AtomicReference<@Nullable Outcome<T>> outcome = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);

    void complete(T value) {
        if (outcome.compareAndSet(null, new Outcome<>(value, null))) {
            done.countDown();
        }
    }

    void fail(IOException failure) {
        if (outcome.compareAndSet(null, new Outcome<>(null, failure))) {
            done.countDown();
        }
    }

    boolean isFailed() {
        Outcome<T> now = outcome.get();
        return now != null && now.failure != null;
    }

    /** Waits; {@code what} begins the sentence when it takes too long. */
    T await(Duration limit, String what) throws IOException {
        try {
            if (!done.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                fail(new TransferException(
                        ErrorCode.NO_ANSWER,
                        false,
                        what + " has not answered within " + limit.toMillis() + " ms",
                        null));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
        Outcome<T> now = outcome.get();
        if (now == null || now.value == null) {
            IOException failure = now == null ? null : now.failure;
            if (failure instanceof TransferException told) {
                throw new TransferException(told.code(), told.isAnswered(), String.valueOf(told.getMessage()), told);
            }
            throw new IOException(what + " failed", failure);
        }
        return now.value;
    }
}
