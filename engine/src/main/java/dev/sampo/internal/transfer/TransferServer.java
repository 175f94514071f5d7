package dev.sampo.internal.transfer;

import dev.sampo.internal.model.DataAddress;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves bytes by kind and name, and answers notices, to any number of clients. What comes from outside can take no more
 * than the limits say: connections over the limit are closed, and so are those that break the protocol or say nothing.
 */
public final class TransferServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransferServer.class);
    private static final int THREADS = 2;
    private static final int CLOSE_SECONDS = 5;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            THREADS, new DefaultThreadFactory("sampo-data", true), NioIoHandler.newFactory());
    private final AtomicInteger connections = new AtomicInteger();
    private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final TransferSecurity security;
    private final TransferLimits limits;
    private final Answerers answerers;
    private final Channel channel;
    private final DataAddress address;

    private TransferServer(DataAddress bind, TransferSecurity security, TransferLimits limits, Answerers answerers) {
        this.security = security;
        this.limits = limits;
        this.answerers = answerers;
        try {
            this.channel = bind(bind);
        } catch (RuntimeException | Error e) {
            stop();
            throw e;
        }
        this.address = new DataAddress(bind.host(), ((InetSocketAddress) channel.localAddress()).getPort());
    }

    /** Starts a server with the usual limits; see the other {@code start}. */
    public static TransferServer start(
            DataAddress bind,
            TransferSecurity security,
            Map<String, ContentSource> sources,
            Map<String, NoticeHandler> notices) {
        return start(bind, security, TransferLimits.defaults(), sources, notices);
    }

    /**
     * Starts to serve.
     *
     * @param bind the address to listen on; port 0 takes a free one
     * @param sources who finds the bytes of each kind
     * @param notices who answers the notices of each kind
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when the address cannot be bound
     */
    public static TransferServer start(
            DataAddress bind,
            TransferSecurity security,
            TransferLimits limits,
            Map<String, ContentSource> sources,
            Map<String, NoticeHandler> notices) {
        return new TransferServer(bind, security, limits, new Answerers(sources, notices));
    }

    private Channel bind(DataAddress bind) {
        try {
            return new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 20, 2 << 20))
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel connection) {
                            accept(connection);
                        }
                    })
                    .bind(new InetSocketAddress(bind.host(), bind.port()))
                    .syncUninterruptibly()
                    .channel();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Exception e) {
            // syncUninterruptibly throws what bind failed with, declared or not
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    "data cannot be served on " + bind + ": " + e.getMessage()
                            + "; expected an address of this host and a free port",
                    e);
        }
    }

    private void accept(SocketChannel connection) {
        int most = limits.connections();
        if (connections.getAndUpdate(open -> open < most ? open + 1 : open) >= most) {
            LOG.warn(
                    "Connection from {} closed: {} connections are open, the most there may be",
                    connection.remoteAddress(),
                    limits.connections());
            var unused = connection.close();
            return;
        }
        connection.closeFuture().addListener(closed -> connections.decrementAndGet());
        accepted.add(connection);
        SslHandler tls = security.forServer(limits);
        if (tls != null) {
            connection.pipeline().addLast(tls);
        }
        FrameDecoder decoder = new FrameDecoder(true);
        connection.pipeline().addLast(decoder).addLast(new ServerConnection(answerers, limits, decoder, tls == null));
    }

    /** Returns the host it was told to bind to, and the port it listens on. */
    public DataAddress address() {
        return address;
    }

    /** Returns how many connections are open. */
    public int connections() {
        return connections.get();
    }

    /** Stops at once; what is being sent is cut off. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        // event loops that end do not close all they have: a peer would wait for a socket that nobody serves
        accepted.close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        stop();
    }

    private void stop() {
        answerers.close();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
