package dev.sampo.internal.transfer;

import dev.sampo.internal.model.DataAddress;
import dev.sampo.spi.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the data port of another node, with any number of streams and notices. Frames come by its event loop;
 * other threads open and end streams.
 */
final class ClientConnection extends SimpleChannelInboundHandler<Frame> {
    private final DataAddress peer;
    private final TransferLimits limits;
    private final boolean tls;
    private final Pending<ChannelHandlerContext> ready = new Pending<>();
    private final Map<Integer, TransferStream> streams = new ConcurrentHashMap<>();
    private final Map<Integer, Pending<byte[]>> notices = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<@Nullable IOException> ended = new AtomicReference<>();
    private volatile @Nullable ChannelHandlerContext context;
    private boolean idle;

    ClientConnection(DataAddress peer, TransferLimits limits, boolean tls) {
        this.peer = peer;
        this.limits = limits;
        this.tls = tls;
    }

    /** Returns whether new streams may try it: it is not known to be broken. */
    boolean isUsable() {
        return !closed.get() && !ready.isFailed();
    }

    int open() {
        return streams.size() + notices.size();
    }

    void awaitReady() throws IOException {
        ChannelHandlerContext unused = ready.await(limits.connect(), "data port " + peer);
    }

    /** Opens a stream on a connection that is ready; {@code gone} is called once, when it is of no more use. */
    TransferStream open(String kind, String name, int window, Runnable gone) throws IOException {
        ChannelHandlerContext at = ready.await(limits.connect(), "data port " + peer);
        int id = ids.incrementAndGet();
        TransferStream stream = new TransferStream(
                kind + " " + Frames.shown(name) + " from " + peer,
                window,
                limits.progress(),
                new TransferStream.Link() {
                    @Override
                    public void credit(int bytes) {
                        send(at, Frames.frame(at.alloc(), Frames.CREDIT, id, 4).writeInt(bytes));
                    }

                    @Override
                    public void gone(boolean early) {
                        if (streams.remove(id) != null && early) {
                            send(at, Frames.frame(at.alloc(), Frames.CANCEL, id, 0));
                        }
                        gone.run();
                    }
                });
        streams.put(id, stream);
        int nameBytes = ByteBufUtil.utf8Bytes(name);
        ByteBuf frame = at.alloc().buffer(256);
        Frames.writeText(frame.writeLong(window), kind);
        frame.writeCharSequence(name, StandardCharsets.UTF_8);
        if (nameBytes > TransferLimits.LARGEST_NAME || kind.length() > Frames.LARGEST_KIND) {
            frame.release();
            stream.close();
            throw new IllegalArgumentException(
                    kind + ": a name of " + nameBytes + " bytes; expected at most " + TransferLimits.LARGEST_NAME);
        }
        send(at, Frames.OPEN, id, frame);
        if (closed.get()) {
            stream.onFailure(why());
        }
        return stream;
    }

    /** Sends a notice and waits for the answer. */
    byte[] post(String kind, byte[] payload) throws IOException {
        ChannelHandlerContext at = ready.await(limits.connect(), "data port " + peer);
        int id = ids.incrementAndGet();
        Pending<byte[]> answer = new Pending<>();
        notices.put(id, answer);
        try {
            ByteBuf body = at.alloc().buffer(Frames.LARGEST_KIND + payload.length);
            Frames.writeText(body, kind);
            send(at, Frames.POST, id, body.writeBytes(payload));
            if (closed.get()) {
                answer.fail(why());
            }
            return answer.await(limits.answer(), "notice " + kind + ": " + peer);
        } finally {
            notices.remove(id);
        }
    }

    private static void send(ChannelHandlerContext at, int type, int id, ByteBuf body) {
        try {
            send(at, Frames.frame(at.alloc(), type, id, body.readableBytes()).writeBytes(body));
        } finally {
            body.release();
        }
    }

    private static void send(ChannelHandlerContext at, ByteBuf frame) {
        var unused = at.writeAndFlush(frame, at.voidPromise());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        var unused = added.executor()
                .schedule(
                        () -> {
                            if (!greeted()) {
                                fail(broken(
                                        "has not answered within "
                                                + limits.connect().toMillis() + " ms",
                                        null));
                            }
                        },
                        limits.connect().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private boolean greeted;

    private boolean greeted() {
        return greeted;
    }

    @Override
    public void channelActive(ChannelHandlerContext at) {
        if (!tls) {
            greet(at);
        }
        at.fireChannelActive();
    }

    private static void greet(ChannelHandlerContext at) {
        var unused = at.writeAndFlush(Frames.preface(at.alloc(), Frames.ACCEPTED));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext at, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                greet(at);
            } else {
                fail(broken("refuses, TLS: " + handshake.cause(), handshake.cause()));
            }
        }
        at.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext at, Frame frame) throws IOException {
        if (frame instanceof Frame.Preface preface) {
            greeted(at, preface);
        } else if (frame instanceof Frame.Refusal refusal) {
            fail(new TransferException(
                    ErrorCode.CONFIG_INVALID, true, "data port " + peer + " refuses: " + refusal.why(), null));
        } else if (frame instanceof Frame.Body body) {
            try {
                take(body);
            } finally {
                body.bytes().release();
            }
        }
    }

    private void greeted(ChannelHandlerContext at, Frame.Preface preface) {
        if (preface.magic() != Frames.MAGIC || preface.version() != Frames.VERSION) {
            fail(new TransferException(
                    ErrorCode.CONFIG_INVALID,
                    true,
                    "data port " + peer + " answers with " + Integer.toHexString(preface.magic()) + ", version "
                            + preface.version() + "; expected a Sampo node of data protocol version " + Frames.VERSION,
                    null));
            return;
        }
        greeted = true;
        ready.complete(at);
        scheduleCheck(at);
    }

    /** Tells the server that this side lives, or closes a connection of no use. */
    private void scheduleCheck(ChannelHandlerContext at) {
        var unused = at.executor()
                .schedule(
                        () -> {
                            if (closed.get()) {
                                return;
                            }
                            boolean free = open() == 0;
                            if (free && idle) {
                                fail(broken("is idle", null));
                                return;
                            }
                            idle = free;
                            if (!free) {
                                send(at, Frames.frame(at.alloc(), Frames.PING, 0, 0));
                            }
                            scheduleCheck(at);
                        },
                        limits.idle().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void take(Frame.Body frame) throws IOException {
        ByteBuf body = frame.bytes();
        int id = frame.stream();
        if (id <= 0 || id > ids.get()) {
            throw new CorruptedFrameException("a frame for stream " + id + "; expected 1 to " + ids.get());
        }
        if (frame.type() == Frames.ANSWER) {
            int crc = body.readInt();
            verify(crc, body, id);
            Pending<byte[]> answer = notices.get(id);
            if (answer != null) {
                answer.complete(ByteBufUtil.getBytes(body));
            }
            return;
        }
        if (frame.type() == Frames.ERROR) {
            error(id, Frames.code(body.readInt()), Frames.readText(body));
            return;
        }
        // a stream that was closed meanwhile is not known any more
        TransferStream stream = streams.get(id);
        if (frame.type() == Frames.DATA) {
            int crc = body.readInt();
            verify(crc, body, id);
        }
        if (stream == null) {
            return;
        }
        switch (frame.type()) {
            case Frames.HEAD -> stream.onHead(body.readLong());
            case Frames.DATA, Frames.RAW -> stream.onData(body);
            case Frames.END -> {
                stream.onEnd();
                streams.remove(id);
            }
            default -> throw new CorruptedFrameException("a frame of type " + frame.type() + "; expected an answer");
        }
    }

    private static void verify(int crc, ByteBuf bytes, int id) {
        int sum = Frames.checksum(bytes);
        if (sum != crc) {
            throw new CorruptedFrameException("a frame of stream " + id + " with checksum " + Integer.toHexString(sum)
                    + "; expected " + Integer.toHexString(crc));
        }
    }

    private void error(int id, ErrorCode code, String text) {
        TransferException told = new TransferException(code, true, peer + ": " + text, null);
        TransferStream stream = streams.remove(id);
        if (stream != null) {
            stream.onFailure(told);
        }
        Pending<byte[]> answer = notices.get(id);
        if (answer != null) {
            answer.fail(told);
        }
    }

    private TransferException broken(String what, @Nullable Throwable cause) {
        return new TransferException(ErrorCode.FETCH_FAILED, false, "data port " + peer + " " + what, cause);
    }

    /** Returns why the connection ended, which it has. */
    private IOException why() {
        IOException cause = ended.get();
        return cause != null ? cause : broken("closed the connection", null);
    }

    /** Ends the connection and all that is open on it. Safe for many threads. */
    void fail(IOException cause) {
        ready.fail(cause);
        ended.compareAndSet(null, cause);
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        streams.values().forEach(stream -> stream.onFailure(cause));
        notices.values().forEach(answer -> answer.fail(cause));
        ChannelHandlerContext at = context;
        if (at != null) {
            var unused = at.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext at) {
        fail(broken("closed the connection", null));
        at.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
        Throwable why = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (why instanceof TransferException told) {
            fail(told);
        } else {
            fail(broken((why instanceof SSLException ? "refuses, TLS: " : "is lost: ") + why, why));
        }
    }
}
