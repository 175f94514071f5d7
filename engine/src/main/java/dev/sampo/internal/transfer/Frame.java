package dev.sampo.internal.transfer;

import io.netty.buffer.ByteBuf;

/** What a {@link FrameDecoder} read. */
sealed interface Frame {
    /** The first thing on a connection. */
    record Preface(int magic, int version, int status) implements Frame {}

    /** Why a server refuses the connection. */
    record Refusal(String why) implements Frame {}

    /** A frame, or a part of a {@link Frames#RAW} one; whoever gets it releases the body. */
    record Body(int type, int stream, ByteBuf bytes) implements Frame {}
}
