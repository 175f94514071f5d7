package dev.sampo.io;

import dev.sampo.api.Pair;
import dev.sampo.spi.Codec;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.SampoException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The codecs that are found by a class. */
enum DefaultRegistry implements CodecRegistry {
    /** The one instance. */
    INSTANCE;

    /** What there are codecs for, as people read it. */
    static final String KNOWN =
            "String, Text, Integer, Long, Double, Boolean, byte[] and records whose components are of these types";

    private static final Map<Class<?>, KeyCodec<?>> SCALARS = Map.ofEntries(
            Map.entry(String.class, Codecs.STRING),
            Map.entry(Text.class, Codecs.TEXT),
            Map.entry(Integer.class, Codecs.INT),
            Map.entry(int.class, Codecs.INT),
            Map.entry(Long.class, Codecs.LONG),
            Map.entry(long.class, Codecs.LONG),
            Map.entry(Double.class, Codecs.DOUBLE),
            Map.entry(double.class, Codecs.DOUBLE),
            Map.entry(Boolean.class, Codecs.BOOLEAN),
            Map.entry(boolean.class, Codecs.BOOLEAN),
            Map.entry(byte[].class, Codecs.BYTES));

    /** Returns the codec of a class of single values, or null. */
    static @Nullable KeyCodec<?> scalar(Class<?> type) {
        return SCALARS.get(type);
    }

    @Override
    @SuppressWarnings("unchecked") // the codec is that of the class it was looked up by
    public <K> KeyCodec<K> keyCodec(Class<K> type) {
        KeyCodec<?> scalar = scalar(type);
        if (scalar != null) {
            return (KeyCodec<K>) scalar;
        }
        return (KeyCodec<K>) Codecs.recordKey(recordClass(type));
    }

    @Override
    @SuppressWarnings("unchecked") // the codec is that of the class it was looked up by
    public <V> Codec<V> valueCodec(Class<V> type) {
        KeyCodec<?> scalar = scalar(type);
        if (scalar != null) {
            return (Codec<V>) scalar;
        }
        return (Codec<V>) Codecs.record(recordClass(type));
    }

    private static Class<? extends Record> recordClass(Class<?> type) {
        if (type == Pair.class) {
            throw new SampoException(
                    ErrorCode.CODEC_UNKNOWN,
                    "class " + type.getName() + " does not say what is in the pair; expected a codec made by"
                            + " Codecs.pairKey or Codecs.pair");
        }
        if (!type.isRecord()) {
            throw new SampoException(
                    ErrorCode.CODEC_UNKNOWN,
                    "there is no codec for class " + type.getName() + "; expected " + KNOWN
                            + ", or a codec of your own in place of the class");
        }
        return type.asSubclass(Record.class);
    }
}
