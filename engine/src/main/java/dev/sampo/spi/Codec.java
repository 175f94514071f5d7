package dev.sampo.spi;

import java.io.Serializable;

/**
 * Turns values of one type into bytes and back. A codec is immutable and used by many threads at once.
 *
 * <p>Contract: {@code decode(encode(v))} equals {@code v}; the bytes carry no length of their own (the engine frames
 * them). A value that cannot be encoded is refused with a {@link SampoException} of {@link
 * ErrorCode#CODEC_CANNOT_ENCODE}; bytes that cannot be decoded with {@link ErrorCode#DATA_CORRUPT}.
 *
 * @param <T> the type of the values
 */
public interface Codec<T> extends Serializable {
    /**
     * Appends the bytes of {@code value} to {@code out}.
     *
     * @throws SampoException when this value has no encoding
     */
    void encode(T value, ByteWriter out);

    /**
     * Returns the value that was encoded as {@code length} bytes of {@code bytes} from {@code offset}. A codec of a
     * reusable view type (such as {@code Text}) returns a fresh object that is valid as long as the bytes do not
     * change; the engine copies when it keeps it longer.
     */
    T decode(byte[] bytes, int offset, int length);

    /** Returns the number of bytes of every encoded value, or -1 when it differs from value to value. */
    default int fixedWidth() {
        return -1;
    }
}
