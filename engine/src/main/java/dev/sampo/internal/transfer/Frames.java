package dev.sampo.internal.transfer;

import dev.sampo.spi.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What travels on a data connection. All numbers are big-endian; a text is a short with its length in bytes, then UTF-8.
 *
 * <pre>
 * Both sides begin with a preface, which is the same in all versions of the protocol:
 *   int MAGIC, short VERSION, short status: ACCEPTED, or REFUSED by a server, then a text why and the end
 *
 * Then frames: int bytes that follow, byte type, int stream, body. The client numbers its streams.
 *   client  OPEN    long credit, text kind, name as the rest: send these bytes, at most credit of them
 *           CREDIT  int: send so many more
 *           CANCEL  send no more of this
 *           POST    text kind, payload as the rest
 *           PING    still here
 *   server  HEAD    long: the bytes of the stream
 *           DATA    int CRC32C of the rest, bytes
 *           RAW     bytes, checked by nobody on the way
 *           END     all was sent
 *           ERROR   int number of the code, text: the end of the stream, or of the notice
 *           ANSWER  int CRC32C of the rest, bytes
 * </pre>
 */
final class Frames {
    /** "SMPD". */
    static final int MAGIC = 0x534D5044;

    static final int VERSION = 1;
    static final int PREFACE_BYTES = 8;
    static final int ACCEPTED = 0;
    static final int REFUSED = 1;

    static final int OPEN = 1;
    static final int CREDIT = 2;
    static final int CANCEL = 3;
    static final int POST = 4;
    static final int PING = 5;

    static final int HEAD = 16;
    static final int DATA = 17;
    static final int RAW = 18;
    static final int END = 19;
    static final int ERROR = 20;
    static final int ANSWER = 21;

    /** Bytes of a header. */
    static final int HEADER_BYTES = 4 + 1 + 4;

    /** Bytes of a header behind its length. */
    static final int FIXED_BYTES = 1 + 4;

    static final int LARGEST_KIND = 64;

    /** The most bytes of a frame that is gathered before it is looked at. */
    static final int LARGEST_GATHERED =
            FIXED_BYTES + 8 + 2 + LARGEST_KIND + Math.max(TransferLimits.LARGEST_NAME, TransferLimits.LARGEST_NOTICE);

    /** The most bytes of a data frame that carries a checksum. */
    static final int LARGEST_DATA = 64 << 10;

    /** The most bytes of a data frame that carries none. */
    static final int LARGEST_RAW = 256 << 10;

    private static final int LARGEST_TEXT = 4 << 10;

    private Frames() {}

    static ByteBuf preface(ByteBufAllocator buffers, int status) {
        return buffers.buffer(PREFACE_BYTES).writeInt(MAGIC).writeShort(VERSION).writeShort(status);
    }

    static ByteBuf refusal(ByteBufAllocator buffers, String why) {
        ByteBuf out = preface(buffers, REFUSED);
        writeText(out, why);
        return out;
    }

    /** Returns a buffer that begins with the header of a frame. */
    static ByteBuf frame(ByteBufAllocator buffers, int type, int stream, int bodyBytes) {
        return header(buffers.buffer(HEADER_BYTES + bodyBytes), type, stream, bodyBytes);
    }

    private static ByteBuf header(ByteBuf out, int type, int stream, int bodyBytes) {
        return out.writeInt(FIXED_BYTES + bodyBytes).writeByte(type).writeInt(stream);
    }

    /** Returns the beginning of a data frame, whose bytes follow on their own. */
    static ByteBuf dataHeader(ByteBufAllocator buffers, int stream, ByteBuf bytes) {
        int count = bytes.readableBytes();
        return header(buffers.buffer(HEADER_BYTES + 4), DATA, stream, 4 + count).writeInt(checksum(bytes));
    }

    static ByteBuf error(ByteBufAllocator buffers, int stream, ErrorCode code, String text) {
        ByteBuf body = buffers.buffer();
        try {
            writeText(body.writeInt(code.number()), text);
            return frame(buffers, ERROR, stream, body.readableBytes()).writeBytes(body);
        } finally {
            body.release();
        }
    }

    static int checksum(ByteBuf bytes) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : bytes.nioBuffers()) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }

    /** Writes a text, cut when it is too long to be told. */
    static void writeText(ByteBuf out, String text) {
        String told = text.length() <= LARGEST_TEXT / 3 ? text : text.substring(0, LARGEST_TEXT / 3) + "...";
        out.writeShort(ByteBufUtil.utf8Bytes(told));
        out.writeCharSequence(told, StandardCharsets.UTF_8);
    }

    static String readText(ByteBuf in) {
        int bytes = in.readUnsignedShort();
        return in.readCharSequence(bytes, StandardCharsets.UTF_8).toString();
    }

    static ErrorCode code(int number) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.number() == number) {
                return code;
            }
        }
        return ErrorCode.INTERNAL;
    }

    /** Returns a name as messages show it. */
    static String shown(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "... (" + name.length() + " characters)";
    }
}
