package dev.sampo.io;

import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.Arrays;

/**
 * How several elements are put one behind the other so that each can be found again. An element of fixed width needs
 * nothing; the last element of a whole takes what is left and needs nothing either.
 */
enum Framing {
    /**
     * Keeps the order: inside an element 0x00 becomes 0x00 0xFF, and 0x00 0x00 ends it, so an element that is a prefix
     * of another comes first whatever follows. The escape is that of FoundationDB's tuple layer (design/tuple.md); the
     * end has a second byte because here the next element may begin with 0xFF.
     */
    KEY {
        @Override
        void close(ByteWriter out, int start) {
            int end = out.length();
            byte[] array = out.array();
            int zeros = 0;
            for (int i = start; i < end; i++) {
                if (array[i] == 0) {
                    zeros++;
                }
            }
            out.ensure(zeros + 2);
            array = out.array();
            int to = end + zeros;
            for (int from = end; to > from; ) {
                byte value = array[--from];
                if (value == 0) {
                    array[--to] = (byte) 0xFF;
                }
                array[--to] = value;
            }
            out.advance(zeros);
            out.writeByte(0);
            out.writeByte(0);
        }

        @Override
        int end(byte[] bytes, int position, int limit) {
            int at = position;
            while (true) {
                at = ByteScan.indexOf(bytes, at, limit, (byte) 0);
                if (at < 0 || at + 1 >= limit) {
                    throw new SampoException(ErrorCode.DATA_CORRUPT, "an element of a key does not end");
                }
                byte next = bytes[at + 1];
                if (next == 0) {
                    return at + 2;
                }
                if (next != (byte) 0xFF) {
                    throw new SampoException(
                            ErrorCode.DATA_CORRUPT,
                            "an element of a key has byte " + (next & 0xFF) + " behind byte 0; expected 0 or 255");
                }
                at += 2;
            }
        }

        @Override
        <T> T content(Codec<T> codec, byte[] bytes, int position, int end) {
            int length = end - 2 - position;
            int zero = ByteScan.indexOf(bytes, position, position + length, (byte) 0);
            if (zero < 0) {
                return codec.decode(bytes, position, length);
            }
            byte[] plain = Arrays.copyOfRange(bytes, position, position + length);
            int to = zero - position;
            for (int from = to; from < length; from++) {
                byte value = plain[from];
                plain[to++] = value;
                if (value == 0) {
                    from++;
                }
            }
            return codec.decode(plain, 0, to);
        }
    },

    /** Shorter, without order: the length of an element, as a variable-length integer, goes before it. */
    VALUE {
        @Override
        void close(ByteWriter out, int start) {
            int length = out.length() - start;
            int width = VarInts.width(length);
            out.ensure(width);
            byte[] array = out.array();
            System.arraycopy(array, start, array, start + width, length);
            VarInts.put(array, start, length);
            out.advance(width);
        }

        @Override
        int end(byte[] bytes, int position, int limit) {
            int length = VarInts.get(bytes, position, limit);
            int begin = position + VarInts.width(length);
            if (length > limit - begin) {
                throw new SampoException(
                        ErrorCode.DATA_CORRUPT,
                        "an element of " + length + " bytes; expected at most the " + (limit - begin) + " that follow");
            }
            return begin + length;
        }

        @Override
        <T> T content(Codec<T> codec, byte[] bytes, int position, int end) {
            int begin = position + VarInts.width(VarInts.get(bytes, position, end));
            return codec.decode(bytes, begin, end - begin);
        }
    };

    /** Turns what was written from {@code start} on into a framed element. */
    abstract void close(ByteWriter out, int start);

    /** Returns where the framed element at {@code position} ends. */
    abstract int end(byte[] bytes, int position, int limit);

    /** Decodes the framed element that lies from {@code position} to {@code end}. */
    abstract <T> T content(Codec<T> codec, byte[] bytes, int position, int end);

    /** Appends an element that others follow. */
    final <T> void encode(Codec<T> codec, T value, ByteWriter out) {
        int start = out.length();
        codec.encode(value, out);
        int width = codec.fixedWidth();
        if (width < 0) {
            close(out, start);
        } else if (out.length() - start != width) {
            throw new SampoException(
                    ErrorCode.CODEC_CANNOT_ENCODE,
                    "codec " + codec + " wrote " + (out.length() - start) + " bytes; expected its fixed width of "
                            + width);
        }
    }

    /** Returns where the element at {@code position}, which others follow, ends. */
    final int end(Codec<?> codec, byte[] bytes, int position, int limit) {
        int width = codec.fixedWidth();
        if (width < 0) {
            return end(bytes, position, limit);
        }
        if (width > limit - position) {
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT,
                    "an element of " + (limit - position) + " bytes; expected " + width + " bytes");
        }
        return position + width;
    }

    /** Decodes the element from {@code position} to the {@code end} that was found for it. */
    final <T> T decode(Codec<T> codec, byte[] bytes, int position, int end) {
        return codec.fixedWidth() < 0
                ? content(codec, bytes, position, end)
                : codec.decode(bytes, position, end - position);
    }

    /** Returns the width of two elements together, or -1 when it varies. */
    static int sumOfWidths(int first, int second) {
        return first < 0 || second < 0 ? -1 : Math.addExact(first, second);
    }
}
