package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands the segments of this node to the reduce attempts of others. Bytes go out as they are stored, files by sendfile;
 * the reader checks them. TCP paces it: a reader that stops reading stops the sending.
 */
public final class SegmentServer implements AutoCloseable {
    private static final int THREADS = 2;

    private final EventLoopGroup loops;
    private final Channel channel;

    private SegmentServer(EventLoopGroup loops, Channel channel) {
        this.loops = loops;
        this.channel = channel;
    }

    /**
     * Starts to serve.
     *
     * @param host the address to bind to, the one other nodes know this node by
     * @param port the port, or 0 for a free one
     * @param outputs finds what the node holds, or returns null; called by the server's threads
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when the address cannot be bound
     */
    public static SegmentServer start(String host, int port, Function<AttemptId, @Nullable MapOutput> outputs) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                THREADS, new DefaultThreadFactory("sampo-segments", true), NioIoHandler.newFactory());
        try {
            Channel channel = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WriteBufferWaterMark.DEFAULT)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel connection) {
                            connection
                                    .pipeline()
                                    .addLast(new LengthFieldBasedFrameDecoder(FetchFormat.LARGEST_REQUEST, 0, 4, 0, 4))
                                    .addLast(new SegmentRequestHandler(outputs));
                        }
                    })
                    .bind(new InetSocketAddress(host, port))
                    .syncUninterruptibly()
                    .channel();
            return new SegmentServer(loops, channel);
        } catch (RuntimeException | Error e) {
            stop(loops);
            throw e;
        } catch (Exception e) {
            // syncUninterruptibly throws what bind failed with, declared or not
            stop(loops);
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    "segments cannot be served on " + host + ":" + port + ": " + e.getMessage()
                            + "; expected an address of this host and a free port",
                    e);
        }
    }

    /** Returns the port it listens on. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Stops at once; what is being sent is cut off. */
    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        stop(loops);
    }

    private static void stop(EventLoopGroup loops) {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
