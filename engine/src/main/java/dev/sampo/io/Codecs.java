package dev.sampo.io;

import dev.sampo.api.Pair;
import dev.sampo.spi.Codec;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.SampoException;
import java.util.List;
import java.util.Objects;

/**
 * The codecs that ship. All are immutable and serializable, and a deserialized constant is the constant. Those of keys
 * keep the order: the unsigned lexicographic order of the bytes is the order of the keys.
 *
 * <p>Bytes that a codec did not write are refused with {@link ErrorCode#DATA_CORRUPT} wherever that can be seen; null
 * inside a record or a list with {@link ErrorCode#CODEC_CANNOT_ENCODE}.
 */
public final class Codecs {
    /**
     * Strings in UTF-8, ordered by code point; that differs from {@link String#compareTo} where a supplementary
     * character meets one from U+E000 on. An unpaired surrogate is refused.
     */
    public static final KeyCodec<String> STRING = ScalarCodecs.OfString.STRING;

    /** Texts, byte for byte, ordered by unsigned byte. A decoded text is a view on the encoded bytes. */
    public static final KeyCodec<Text> TEXT = ScalarCodecs.OfText.TEXT;

    /** Ints in four bytes: most significant first, sign bit flipped. */
    public static final KeyCodec<Integer> INT = ScalarCodecs.OfInt.INT;

    /** Longs in eight bytes: most significant first, sign bit flipped. */
    public static final KeyCodec<Long> LONG = ScalarCodecs.OfLong.LONG;

    /**
     * Doubles in eight bytes, in the order of {@link Double#compare}: -0.0 comes before 0.0 and is another key, NaN
     * comes last and is one key whatever its bits.
     */
    public static final KeyCodec<Double> DOUBLE = ScalarCodecs.OfDouble.DOUBLE;

    /** Booleans in one byte, false first. */
    public static final KeyCodec<Boolean> BOOLEAN = ScalarCodecs.OfBoolean.BOOLEAN;

    /** Byte arrays as they are, ordered by unsigned byte. A decoded array is a copy. */
    public static final KeyCodec<byte[]> BYTES = ScalarCodecs.OfBytes.BYTES;

    private Codecs() {}

    /**
     * Returns the codec of pairs as keys, ordered by the first and then by the second. Unless its width is fixed, the
     * first costs two bytes more, and one more for every byte 0x00 in it (the escape of FoundationDB's tuple layer).
     */
    public static <A, B> KeyCodec<Pair<A, B>> pairKey(KeyCodec<A> first, KeyCodec<B> second) {
        return new PairKeyCodec<>(Objects.requireNonNull(first, "first"), Objects.requireNonNull(second, "second"));
    }

    /** Returns the codec of pairs as values. */
    public static <A, B> Codec<Pair<A, B>> pair(Codec<A> first, Codec<B> second) {
        return new PairCodec<>(Objects.requireNonNull(first, "first"), Objects.requireNonNull(second, "second"));
    }

    /**
     * Returns the codec of a record class as keys, ordered by its components in the order they are declared. The
     * components are of the types of {@link #registry}, records of those, or {@link Pair}s of those; the class need
     * not be public.
     *
     * @throws SampoException of {@link ErrorCode#CODEC_UNKNOWN} when a component has another type, or when the class
     *     cannot be reached by reflection
     */
    public static <R extends Record> KeyCodec<R> recordKey(Class<R> type) {
        return new RecordKeyCodec<>(type);
    }

    /**
     * Returns the codec of a record class as values; the components are of the types that {@link #recordKey} takes.
     *
     * @throws SampoException of {@link ErrorCode#CODEC_UNKNOWN} when a component has another type, or when the class
     *     cannot be reached by reflection
     */
    public static <R extends Record> Codec<R> record(Class<R> type) {
        return new RecordCodec<>(type);
    }

    /** Returns the codec of lists as values. A decoded list cannot be changed. */
    public static <T> Codec<List<T>> list(Codec<T> elements) {
        return new ListCodec<>(Objects.requireNonNull(elements, "elements"));
    }

    /** Returns the codecs of classes: String, Text, Integer, Long, Double, Boolean, byte[], and records of those. */
    public static CodecRegistry registry() {
        return DefaultRegistry.INSTANCE;
    }
}
