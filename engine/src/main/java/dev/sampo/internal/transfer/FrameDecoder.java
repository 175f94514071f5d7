package dev.sampo.internal.transfer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;

/**
 * Cuts what arrives into frames. Holds no more than one frame of limited length, and grows with what came, not with what
 * was announced; the bytes of {@link Frames#RAW} frames are passed on as they come. Used by one event loop.
 */
final class FrameDecoder extends ByteToMessageDecoder {
    private enum Phase {
        PREFACE,
        REFUSAL,
        FRAMES,
        DEAF
    }

    private final boolean server;
    private Phase phase = Phase.PREFACE;
    private int rawStream;
    private int rawLeft;

    /**
     * Creates a decoder.
     *
     * @param server whether it reads what clients send, and so no {@link Frames#RAW}
     */
    FrameDecoder(boolean server) {
        this.server = server;
    }

    /** Throws away whatever comes from now on. */
    void stop() {
        phase = Phase.DEAF;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        switch (phase) {
            case PREFACE -> preface(in, out);
            case REFUSAL -> refusal(in, out);
            case FRAMES -> frame(in, out);
            case DEAF -> in.skipBytes(in.readableBytes());
        }
    }

    private void preface(ByteBuf in, List<Object> out) {
        if (in.readableBytes() < Frames.PREFACE_BYTES) {
            return;
        }
        Frame.Preface preface = new Frame.Preface(in.readInt(), in.readUnsignedShort(), in.readUnsignedShort());
        boolean refused = !server && preface.magic() == Frames.MAGIC && preface.status() == Frames.REFUSED;
        phase = refused ? Phase.REFUSAL : Phase.FRAMES;
        if (!refused) {
            out.add(preface);
        }
    }

    private void refusal(ByteBuf in, List<Object> out) {
        int start = in.readerIndex();
        if (in.readableBytes() < 2 || in.readableBytes() < 2 + in.getUnsignedShort(start)) {
            return;
        }
        phase = Phase.DEAF;
        out.add(new Frame.Refusal(Frames.readText(in)));
    }

    private void frame(ByteBuf in, List<Object> out) {
        if (rawLeft > 0) {
            int count = Math.min(rawLeft, in.readableBytes());
            rawLeft -= count;
            out.add(new Frame.Body(Frames.RAW, rawStream, take(in, count)));
            return;
        }
        if (in.readableBytes() < Frames.HEADER_BYTES) {
            return;
        }
        int start = in.readerIndex();
        int length = in.getInt(start);
        int type = in.getUnsignedByte(start + 4);
        boolean raw = type == Frames.RAW && !server;
        int most = raw ? Frames.FIXED_BYTES + Frames.LARGEST_RAW : Frames.LARGEST_GATHERED;
        if (length < Frames.FIXED_BYTES || length > most) {
            throw new CorruptedFrameException(
                    "a frame of " + length + " bytes; expected " + Frames.FIXED_BYTES + " to " + most);
        }
        if (raw) {
            in.skipBytes(5);
            rawStream = in.readInt();
            rawLeft = length - Frames.FIXED_BYTES;
            return;
        }
        if (in.readableBytes() < 4 + length) {
            return;
        }
        in.skipBytes(5);
        int stream = in.readInt();
        out.add(new Frame.Body(type, stream, take(in, length - Frames.FIXED_BYTES)));
    }

    /** A small piece is copied, so that it does not keep a large buffer from being used again while it waits. */
    private static ByteBuf take(ByteBuf in, int count) {
        return count < in.capacity() / 2 ? in.readBytes(count) : in.readRetainedSlice(count);
    }
}
