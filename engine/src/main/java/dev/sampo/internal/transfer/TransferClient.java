package dev.sampo.internal.transfer;

import dev.sampo.internal.model.DataAddress;
import dev.sampo.spi.ErrorCode;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads what other nodes serve, and sends them notices. Safe for many threads; calls block, and an interrupt ends them.
 * All streams from one node share a connection, which is closed when it is not used for a while.
 *
 * <p>An open stream holds a window of memory from a budget that all share; when it is used up, opening waits. So a thread
 * that opens several streams must be able to go on with those it has: else it may wait for itself until the time is up.
 */
public final class TransferClient implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BUDGET_UNIT = 1 << 10;

    private final TransferSecurity security;
    private final TransferLimits limits;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            THREADS, new DefaultThreadFactory("sampo-data-client", true), NioIoHandler.newFactory());
    private final Map<DataAddress, ClientConnection> connections = new ConcurrentHashMap<>();
    private final Semaphore budget;
    private volatile boolean closed;

    /** Creates a client without connections. */
    public TransferClient(TransferSecurity security, TransferLimits limits) {
        this.security = security;
        this.limits = limits;
        this.budget = new Semaphore((int) (limits.memoryBytes() / BUDGET_UNIT), true);
    }

    /**
     * Opens what a node serves under a name.
     *
     * @return a stream that the caller closes; its reads block until bytes come, and throw {@link TransferException} when
     *     the connection is lost or stands still
     * @throws TransferException when the node cannot be reached, does not answer in time, or answers with an error
     * @throws ClosedByInterruptException when the thread was interrupted, also by reads
     */
    public TransferStream open(DataAddress from, String kind, String name) throws IOException {
        int permits = limits.windowBytes() / BUDGET_UNIT;
        acquire(permits, from);
        AtomicBoolean released = new AtomicBoolean();
        Runnable release = () -> {
            if (released.compareAndSet(false, true)) {
                budget.release(permits);
            }
        };
        boolean opened = false;
        try {
            TransferStream stream = open(from, kind, name, release);
            opened = true;
            return stream;
        } finally {
            if (!opened) {
                release.run();
            }
        }
    }

    private void acquire(int permits, DataAddress from) throws IOException {
        try {
            if (!budget.tryAcquire(permits, limits.answer().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TransferException(
                        ErrorCode.NO_ANSWER,
                        false,
                        "nothing could be read from " + from + ": the " + limits.memoryBytes()
                                + " bytes for streams were in use for "
                                + limits.answer().toMillis() + " ms",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    private TransferStream open(DataAddress from, String kind, String name, Runnable release) throws IOException {
        ClientConnection used = connections.get(from);
        if (used != null && used.isUsable()) {
            try {
                return open(used, kind, name, release);
            } catch (TransferException e) {
                // the other side may have closed a connection that was idle, or was started again
                if (e.isAnswered() || e.code() == ErrorCode.NO_ANSWER || closed) {
                    throw e;
                }
            }
        }
        return open(connection(from), kind, name, release);
    }

    private TransferStream open(ClientConnection connection, String kind, String name, Runnable release)
            throws IOException {
        // a second try needs the budget still
        AtomicBoolean kept = new AtomicBoolean(true);
        TransferStream stream = connection.open(kind, name, limits.windowBytes(), () -> {
            if (!kept.get()) {
                release.run();
            }
        });
        boolean answered = false;
        try {
            stream.awaitHead(limits.answer());
            kept.set(false);
            answered = true;
            return stream;
        } finally {
            if (!answered) {
                stream.close();
            }
        }
    }

    /**
     * Sends a notice and waits for its answer. It may have arrived even when this fails.
     *
     * @param payload at most {@link TransferLimits#LARGEST_NOTICE} bytes
     * @throws TransferException when the node cannot be reached, does not answer in time, or answers with an error
     * @throws ClosedByInterruptException when the thread was interrupted
     */
    public byte[] post(DataAddress to, String kind, byte[] payload) throws IOException {
        if (payload.length > TransferLimits.LARGEST_NOTICE) {
            throw new IllegalArgumentException("notice " + kind + ": " + payload.length + " bytes; expected at most "
                    + TransferLimits.LARGEST_NOTICE);
        }
        return connection(to).post(kind, payload);
    }

    private ClientConnection connection(DataAddress to) throws IOException {
        if (to.port() == 0) {
            throw new TransferException(
                    ErrorCode.FETCH_FAILED, false, "a node without a data port cannot be reached", null);
        }
        ClientConnection old = connections.get(to);
        if (old == null || !old.isUsable()) {
            InetSocketAddress resolved = new InetSocketAddress(to.host(), to.port());
            old = connections.compute(
                    to, (address, now) -> now != null && now.isUsable() ? now : connect(address, resolved));
            forgetBroken();
        }
        if (closed) {
            old.fail(closing());
        }
        old.awaitReady();
        return old;
    }

    private void forgetBroken() {
        for (Iterator<ClientConnection> all = connections.values().iterator(); all.hasNext(); ) {
            if (!all.next().isUsable()) {
                all.remove();
            }
        }
    }

    private ClientConnection connect(DataAddress to, InetSocketAddress resolved) {
        SslHandler tls = security.forClient(to.host(), to.port(), limits);
        ClientConnection connection = new ClientConnection(to, limits, tls != null);
        var unused = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        limits.connect().toMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls);
                        }
                        channel.pipeline().addLast(new FrameDecoder(false)).addLast(connection);
                    }
                })
                .connect(resolved)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        Throwable why = connected.cause();
                        connection.fail(new TransferException(
                                ErrorCode.FETCH_FAILED,
                                false,
                                "data port " + to + " cannot be reached: " + why.getMessage(),
                                why));
                    }
                });
        return connection;
    }

    private static TransferException closing() {
        return new TransferException(ErrorCode.ENGINE_CLOSED, false, "the data client is closed", null);
    }

    /** Returns how many connections are open or coming about. */
    public int connections() {
        return (int)
                connections.values().stream().filter(ClientConnection::isUsable).count();
    }

    /** Returns the bytes of the budget that open streams hold. */
    public long reservedBytes() {
        return limits.memoryBytes() / BUDGET_UNIT * BUDGET_UNIT - (long) budget.availablePermits() * BUDGET_UNIT;
    }

    /** Ends all streams and connections. */
    @Override
    public void close() {
        closed = true;
        connections.values().forEach(connection -> connection.fail(closing()));
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
