package dev.sampo.api;

import dev.sampo.spi.Codec;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.SampoException;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A type that a job names by its class or by a codec of its own.
 *
 * @param <T> the type
 */
public final class DataType<T> implements Serializable {
    private static final long serialVersionUID = 1;

    private final @Nullable Class<T> type;
    private final @Nullable Codec<T> codec;

    private DataType(@Nullable Class<T> type, @Nullable Codec<T> codec) {
        this.type = type;
        this.codec = codec;
    }

    /** Returns the type of a class whose codec the engine's registry finds. */
    public static <T> DataType<T> of(Class<T> type) {
        return new DataType<>(Objects.requireNonNull(type, "type"), null);
    }

    /** Returns the type of what a codec encodes. */
    public static <T> DataType<T> of(Codec<T> codec) {
        return new DataType<>(null, Objects.requireNonNull(codec, "codec"));
    }

    /** Returns the codec for this type's values. */
    public Codec<T> valueCodec(CodecRegistry registry) {
        return type != null ? registry.valueCodec(type) : Objects.requireNonNull(codec);
    }

    /** Returns the codec for keys of this type. */
    public KeyCodec<T> keyCodec(CodecRegistry registry) {
        if (type != null) {
            return registry.keyCodec(type);
        }
        if (codec instanceof KeyCodec<T> keyCodec) {
            return keyCodec;
        }
        throw new SampoException(
                ErrorCode.CODEC_UNKNOWN,
                "codec " + codec
                        + " does not keep the order of its values in its bytes; expected a KeyCodec for a key");
    }

    @Override
    public String toString() {
        return type != null ? type.getName() : String.valueOf(codec);
    }
}
