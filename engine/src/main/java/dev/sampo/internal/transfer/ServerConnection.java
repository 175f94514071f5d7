package dev.sampo.internal.transfer;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that a server accepted. Its streams take turns, a chunk each, so that none waits for another; little is on
 * its way at once, so that a new one gets its turn soon. Used by its event loop.
 */
final class ServerConnection extends SimpleChannelInboundHandler<Frame> {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    private static final int MOST_ON_ITS_WAY = 1 << 20;

    private final Answerers answerers;
    private final TransferLimits limits;
    private final FrameDecoder decoder;
    private final boolean regions;
    private final Map<Integer, Outgoing> streams = new HashMap<>();
    private final ArrayDeque<Outgoing> ready = new ArrayDeque<>();
    private int notices;
    private long onItsWay;
    private boolean greeted;
    private long frames;
    private long framesAtLastCheck;
    private boolean pumping;

    ServerConnection(Answerers answerers, TransferLimits limits, FrameDecoder decoder, boolean regions) {
        this.answerers = answerers;
        this.limits = limits;
        this.decoder = decoder;
        this.regions = regions;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        var unused = context.executor()
                .schedule(
                        () -> {
                            if (!greeted) {
                                LOG.debug("{} says nothing", context.channel().remoteAddress());
                                close(context);
                            }
                        },
                        limits.connect().toNanos(),
                        TimeUnit.NANOSECONDS);
        scheduleCheck(context);
    }

    /** Whole frames count, not bytes: who sends a byte now and then does not stay. */
    private void scheduleCheck(ChannelHandlerContext context) {
        var unused = context.executor()
                .schedule(
                        () -> {
                            if (!context.channel().isActive()) {
                                return;
                            }
                            if (frames == framesAtLastCheck && notices == 0) {
                                LOG.debug("{} is idle", context.channel().remoteAddress());
                                close(context);
                                return;
                            }
                            framesAtLastCheck = frames;
                            scheduleCheck(context);
                        },
                        3 * limits.idle().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Frame frame) {
        if (frame instanceof Frame.Preface preface) {
            greet(context, preface);
        } else if (frame instanceof Frame.Body body) {
            try {
                frames++;
                take(context, body);
            } finally {
                body.bytes().release();
            }
        }
    }

    private void greet(ChannelHandlerContext context, Frame.Preface preface) {
        greeted = true;
        if (preface.magic() != Frames.MAGIC) {
            refuse(
                    context,
                    "this is a data port of a Sampo node; a connection that begins with "
                            + Integer.toHexString(preface.magic()) + " is none of a Sampo node");
        } else if (preface.version() != Frames.VERSION) {
            refuse(
                    context,
                    "this node speaks version " + Frames.VERSION + " of the data protocol; expected that, got version "
                            + preface.version());
        } else {
            var unused = context.writeAndFlush(Frames.preface(context.alloc(), Frames.ACCEPTED));
        }
    }

    private void refuse(ChannelHandlerContext context, String why) {
        LOG.warn("Connection from {} refused: {}", context.channel().remoteAddress(), why);
        decoder.stop();
        context.writeAndFlush(Frames.refusal(context.alloc(), why)).addListener(ChannelFutureListener.CLOSE);
    }

    private void take(ChannelHandlerContext context, Frame.Body frame) {
        ByteBuf body = frame.bytes();
        int stream = frame.stream();
        switch (frame.type()) {
            case Frames.OPEN -> {
                long credit = body.readLong();
                open(context, stream, credit, kind(body), text(body));
            }
            case Frames.CREDIT -> {
                int credit = body.readInt();
                Outgoing open = streams.get(stream);
                if (credit <= 0) {
                    throw new CorruptedFrameException("credit of " + credit + " bytes; expected more than 0");
                }
                if (open != null) {
                    open.addCredit(credit);
                    makeReady(open);
                    pump(context);
                }
            }
            case Frames.CANCEL -> {
                Outgoing open = streams.remove(stream);
                if (open != null) {
                    open.end();
                }
            }
            case Frames.POST -> post(context, stream, body);
            case Frames.PING -> LOG.trace("ping");
            default -> throw new CorruptedFrameException("a frame of type " + frame.type() + "; expected a request");
        }
    }

    private static String kind(ByteBuf body) {
        String kind = Frames.readText(body);
        if (kind.length() > Frames.LARGEST_KIND) {
            throw new CorruptedFrameException(
                    "a kind of " + kind.length() + " characters; expected at most " + Frames.LARGEST_KIND);
        }
        return kind;
    }

    private static String text(ByteBuf body) {
        return body.readCharSequence(body.readableBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .toString();
    }

    private void open(ChannelHandlerContext context, int stream, long credit, String kind, String name) {
        if (credit < 0 || streams.containsKey(stream)) {
            throw new CorruptedFrameException(
                    "stream " + stream + " opened with " + credit + " bytes of credit; expected a new one, at least 0");
        }
        if (isFull(context, stream)) {
            return;
        }
        Outgoing open = new Outgoing(stream, credit);
        streams.put(stream, open);
        answerers.find(
                kind,
                name,
                (content, failure) -> handBack(context, () -> found(context, open, content, failure), () -> {
                    if (content != null) {
                        content.release();
                    }
                }));
    }

    private boolean isFull(ChannelHandlerContext context, int stream) {
        if (streams.size() + notices < limits.streams()) {
            return false;
        }
        fail(
                context,
                stream,
                ErrorCode.NO_ANSWER,
                "this connection has " + limits.streams() + " open streams and notices; expected fewer");
        context.flush();
        return true;
    }

    /** Goes on in the event loop; if that has ended, the connection is gone. */
    private static void handBack(ChannelHandlerContext context, Runnable next, Runnable otherwise) {
        try {
            context.executor().execute(next);
        } catch (java.util.concurrent.RejectedExecutionException ended) {
            otherwise.run();
        }
    }

    private void found(
            ChannelHandlerContext context, Outgoing open, @Nullable Content content, @Nullable SampoException failure) {
        if (failure != null) {
            streams.remove(open.id(), open);
            if (!open.isEnded()) {
                fail(context, open.id(), failure.code(), String.valueOf(failure.getMessage()));
                context.flush();
            }
            return;
        }
        Content bytes = Objects.requireNonNull(content, "content");
        if (open.isEnded() || !context.channel().isActive()) {
            bytes.release();
            return;
        }
        open.begin(bytes);
        var unused = context.write(
                Frames.frame(context.alloc(), Frames.HEAD, open.id(), 8).writeLong(bytes.length()),
                context.voidPromise());
        makeReady(open);
        pump(context);
        context.flush();
    }

    private void makeReady(Outgoing open) {
        if (!open.queued && open.canSend()) {
            open.queued = true;
            ready.addLast(open);
        }
    }

    /** Writes while there is room, a chunk of each stream in turn. */
    private void pump(ChannelHandlerContext context) {
        if (pumping) {
            return;
        }
        pumping = true;
        boolean wrote = false;
        while (onItsWay < MOST_ON_ITS_WAY && context.channel().isActive()) {
            Outgoing open = ready.pollFirst();
            if (open == null) {
                break;
            }
            open.queued = false;
            if (open.canSend()) {
                sendChunk(context, open);
                wrote = true;
            }
        }
        pumping = false;
        if (wrote) {
            context.flush();
        }
    }

    private void sendChunk(ChannelHandlerContext context, Outgoing open) {
        if (open.left() > 0) {
            try {
                write(context, open, open.next(context.alloc(), regions));
            } catch (IOException e) {
                streams.remove(open.id(), open);
                open.end();
                fail(context, open.id(), ErrorCode.FETCH_FAILED, "cannot be read: " + e);
                return;
            }
        }
        if (open.left() == 0) {
            streams.remove(open.id(), open);
            var unused = context.write(Frames.frame(context.alloc(), Frames.END, open.id(), 0), context.voidPromise());
            open.end();
        } else {
            makeReady(open);
        }
    }

    private void write(ChannelHandlerContext context, Outgoing open, Object bytes) {
        int count;
        ByteBuf header;
        if (bytes instanceof ByteBuf memory) {
            count = memory.readableBytes();
            header = Frames.dataHeader(context.alloc(), open.id(), memory);
        } else {
            count = (int) ((SharedFile.Region) bytes).count();
            header = Frames.frame(context.alloc(), Frames.RAW, open.id(), 0);
            header.setInt(0, Frames.FIXED_BYTES + count);
        }
        var unused = context.write(header, context.voidPromise());
        open.writeBegins();
        onItsWay += count;
        context.write(bytes).addListener(written -> {
            onItsWay -= count;
            open.writeEnds();
            if (written.isSuccess()) {
                pump(context);
            } else {
                // the frame may be half written: nothing behind it would be understood
                close(context);
            }
        });
    }

    private void post(ChannelHandlerContext context, int stream, ByteBuf body) {
        String kind = kind(body);
        if (body.readableBytes() > TransferLimits.LARGEST_NOTICE) {
            throw new CorruptedFrameException("a notice of " + body.readableBytes() + " bytes; expected at most "
                    + TransferLimits.LARGEST_NOTICE);
        }
        if (isFull(context, stream)) {
            return;
        }
        byte[] payload = new byte[body.readableBytes()];
        body.readBytes(payload);
        notices++;
        answerers.answer(
                kind,
                payload,
                (answer, failure) -> handBack(context, () -> answered(context, stream, answer, failure), () -> {}));
    }

    private void answered(
            ChannelHandlerContext context, int stream, byte @Nullable [] answer, @Nullable SampoException failure) {
        notices--;
        frames++;
        if (failure != null) {
            fail(context, stream, failure.code(), String.valueOf(failure.getMessage()));
        } else {
            ByteBuf bytes = Unpooled.wrappedBuffer(Objects.requireNonNull(answer, "answer"));
            var unused = context.write(
                    Frames.frame(context.alloc(), Frames.ANSWER, stream, 4 + bytes.readableBytes())
                            .writeInt(Frames.checksum(bytes))
                            .writeBytes(bytes),
                    context.voidPromise());
        }
        context.flush();
    }

    private static void fail(ChannelHandlerContext context, int stream, ErrorCode code, String text) {
        var unused = context.write(Frames.error(context.alloc(), stream, code, text), context.voidPromise());
    }

    /** Who does not read what it asked for is not read from either. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        for (Outgoing open : streams.values()) {
            open.end();
        }
        streams.clear();
        ready.clear();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException || cause instanceof IndexOutOfBoundsException) {
            LOG.warn("Connection from {} closed: {}", context.channel().remoteAddress(), cause.toString());
        } else if (cause instanceof IOException) {
            LOG.debug("Connection from {} broke: {}", context.channel().remoteAddress(), cause.toString());
        } else {
            LOG.error("Connection from {} closed", context.channel().remoteAddress(), cause);
        }
        decoder.stop();
        close(context);
    }

    private static void close(ChannelHandlerContext context) {
        var unused = context.close();
    }
}
