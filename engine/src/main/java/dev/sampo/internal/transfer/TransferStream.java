package dev.sampo.internal.transfer;

import dev.sampo.spi.ErrorCode;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that another node sends, as far as this reader gives credit. Read by one thread, which an interrupt ends; filled
 * by the connection's event loop. Closing it early tells the server to stop.
 */
public final class TransferStream extends InputStream {
    /** How the stream speaks with its server. Safe for many threads, never blocks. */
    interface Link {
        void credit(int bytes);

        /** The stream is of no more use; {@code early} when the server has not ended it. */
        void gone(boolean early);
    }

    private final String name;
    private final int window;
    private final Duration progress;
    private final Link link;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<ByteBuf> parts = new ArrayDeque<>();
    private long length = -1;
    private long granted;
    private long received;
    private int uncredited;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    TransferStream(String name, int window, Duration progress, Link link) {
        this.name = name;
        this.window = window;
        this.granted = window;
        this.progress = progress;
        this.link = link;
    }

    /** Returns the number of bytes that it has in all. */
    public long length() {
        return length;
    }

    /** Waits until the server has said what it will send. */
    void awaitHead(Duration limit) throws IOException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (length < 0) {
                throwFailure();
                if (left <= 0) {
                    throw fail("has not answered within " + limit.toMillis() + " ms");
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private static ClosedByInterruptException interrupted() {
        Thread.currentThread().interrupt();
        return new ClosedByInterruptException();
    }

    private TransferException fail(String what) {
        TransferException timeout = new TransferException(ErrorCode.NO_ANSWER, false, name + " " + what, null);
        failure = timeout;
        return timeout;
    }

    /** Throws what ended the stream, in the reader's own words and stack. */
    private void throwFailure() throws IOException {
        if (closed) {
            throw new IOException(name + " is closed");
        }
        if (failure instanceof TransferException told) {
            throw new TransferException(told.code(), told.isAnswered(), String.valueOf(told.getMessage()), told);
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, into.length);
        if (count == 0) {
            return 0;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        int credit;
        int taken;
        lock.lock();
        try {
            long left = progress.toNanos();
            while (parts.isEmpty() && failure == null && !ended && !closed) {
                long before = received;
                left = changed.awaitNanos(left);
                if (received != before) {
                    left = progress.toNanos();
                } else if (left <= 0) {
                    throw fail("stands still since " + progress.toMillis() + " ms, after " + received + " of " + length
                            + " bytes");
                }
            }
            if (closed || (parts.isEmpty() && failure != null)) {
                throwFailure();
            }
            if (parts.isEmpty()) {
                return -1;
            }
            taken = take(into, offset, count);
            credit = creditDue(taken);
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
        if (credit > 0) {
            link.credit(credit);
        }
        return taken;
    }

    private int take(byte[] into, int offset, int count) {
        int taken = 0;
        while (taken < count) {
            ByteBuf first = parts.peekFirst();
            if (first == null) {
                break;
            }
            int part = Math.min(count - taken, first.readableBytes());
            first.readBytes(into, offset + taken, part);
            taken += part;
            if (!first.isReadable()) {
                parts.removeFirst();
                first.release();
            }
        }
        return taken;
    }

    /** Credit goes back half a window at a time, and not beyond the end of the stream. */
    private int creditDue(int taken) {
        uncredited += taken;
        if (ended || granted >= length || uncredited < window / 2) {
            return 0;
        }
        int credit = uncredited;
        granted += credit;
        uncredited = 0;
        return credit;
    }

    @Override
    public int available() {
        lock.lock();
        try {
            long bytes = 0;
            for (ByteBuf part : parts) {
                bytes += part.readableBytes();
            }
            return (int) Math.min(Integer.MAX_VALUE, bytes);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        boolean early;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            early = !ended;
            drop();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        link.gone(early);
    }

    private void drop() {
        parts.forEach(ByteBuf::release);
        parts.clear();
    }

    void onHead(long bytes) throws TransferException {
        lock.lock();
        try {
            if (bytes < 0 || length >= 0) {
                throw broken("announced " + bytes + " bytes");
            }
            length = bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes bytes; the caller keeps its own hold on them. */
    void onData(ByteBuf bytes) throws TransferException {
        lock.lock();
        try {
            received += bytes.readableBytes();
            if (received > granted || received > length) {
                throw broken("sent " + received + " of " + length + " bytes, where " + granted + " were asked for");
            }
            if (!closed && failure == null && bytes.isReadable()) {
                parts.addLast(bytes.retain());
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void onEnd() throws TransferException {
        lock.lock();
        try {
            if (received != length) {
                throw broken("ended after " + received + " of " + length + " bytes");
            }
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private TransferException broken(String what) {
        return new TransferException(
                ErrorCode.FETCH_FAILED, false, name + " " + what + "; expected it to keep count", null);
    }

    /** What came before the failure is still read: it was checked, and says how far the other side got. */
    void onFailure(IOException cause) {
        lock.lock();
        try {
            if (failure == null && !ended) {
                failure = cause;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
