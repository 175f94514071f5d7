package dev.sampo.io;

import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 that refuses what has no exact form in it, where the JDK's conversions would put a replacement. */
final class Utf8 {
    /** Chars per check of the room, so that a long string of ASCII does not reserve three times its length. */
    private static final int CHUNK = 4096;

    private Utf8() {}

    /**
     * Appends the UTF-8 bytes of a string.
     *
     * @throws SampoException of {@link ErrorCode#CODEC_CANNOT_ENCODE} for an unpaired surrogate
     */
    static void encode(String string, ByteWriter out) {
        int length = string.length();
        int index = 0;
        while (index < length) {
            int stop = Math.min(length, index + CHUNK);
            // Three bytes a char, and a pair may reach one char beyond the chunk.
            out.ensure(3 * (stop - index + 1));
            byte[] array = out.array();
            int start = out.length();
            int at = start;
            while (index < stop) {
                char c = string.charAt(index++);
                if (c < 0x80) {
                    array[at++] = (byte) c;
                } else if (c < 0x800) {
                    array[at++] = (byte) (0xC0 | c >> 6);
                    array[at++] = (byte) (0x80 | c & 0x3F);
                } else if (!Character.isSurrogate(c)) {
                    array[at++] = (byte) (0xE0 | c >> 12);
                    array[at++] = (byte) (0x80 | c >> 6 & 0x3F);
                    array[at++] = (byte) (0x80 | c & 0x3F);
                } else {
                    int point = pairAt(string, index - 1);
                    index++;
                    array[at++] = (byte) (0xF0 | point >> 18);
                    array[at++] = (byte) (0x80 | point >> 12 & 0x3F);
                    array[at++] = (byte) (0x80 | point >> 6 & 0x3F);
                    array[at++] = (byte) (0x80 | point & 0x3F);
                }
            }
            out.advance(at - start);
        }
    }

    private static int pairAt(String string, int index) {
        char high = string.charAt(index);
        if (Character.isHighSurrogate(high)
                && index + 1 < string.length()
                && Character.isLowSurrogate(string.charAt(index + 1))) {
            return Character.toCodePoint(high, string.charAt(index + 1));
        }
        throw new SampoException(
                ErrorCode.CODEC_CANNOT_ENCODE,
                "a string has the unpaired surrogate U+"
                        + Integer.toHexString(high).toUpperCase(java.util.Locale.ROOT)
                        + " at index " + index + ", which UTF-8 cannot hold; expected surrogates in pairs, or a key of"
                        + " type Text or byte[]");
    }

    /**
     * Reads UTF-8.
     *
     * @throws SampoException of {@link ErrorCode#DATA_CORRUPT} when the bytes are not well formed
     */
    static String decode(byte[] bytes, int offset, int length) {
        String string = new String(bytes, offset, length, StandardCharsets.UTF_8);
        // The quick conversion marks what is malformed with U+FFFD, which is also a character of its own.
        if (string.indexOf('\uFFFD') >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
            } catch (CharacterCodingException e) {
                throw new SampoException(
                        ErrorCode.DATA_CORRUPT, length + " bytes of a string are not well-formed UTF-8", e);
            }
        }
        return string;
    }
}
