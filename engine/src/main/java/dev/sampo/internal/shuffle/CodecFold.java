package dev.sampo.internal.shuffle;

import dev.sampo.api.Combiner;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.Objects;

/** Folds values of any width: decode both, combine, encode. The result stays in the fold until the next one. */
final class CodecFold implements ValueFold {
    private final Typed<?> typed;
    private final ByteWriter result = new ByteWriter();

    <V> CodecFold(Combiner<V> combiner, Codec<V> codec) {
        this.typed = new Typed<>(combiner, codec);
    }

    /** Folds two encoded values; {@link #array()} and {@link #length()} tell the result. The inputs may lie anywhere else. */
    void fold(byte[] left, int leftOffset, int leftLength, byte[] right, int rightOffset, int rightLength) {
        result.clear();
        typed.fold(left, leftOffset, leftLength, right, rightOffset, rightLength, result);
    }

    byte[] array() {
        return result.array();
    }

    int length() {
        return result.length();
    }

    private record Typed<V>(Combiner<V> combiner, Codec<V> codec) {
        Typed {
            Objects.requireNonNull(combiner, "combiner");
            Objects.requireNonNull(codec, "codec");
        }

        void fold(
                byte[] left,
                int leftOffset,
                int leftLength,
                byte[] right,
                int rightOffset,
                int rightLength,
                ByteWriter out) {
            V folded = combiner.combine(
                    codec.decode(left, leftOffset, leftLength), codec.decode(right, rightOffset, rightLength));
            if (folded == null) {
                throw new SampoException(
                        ErrorCode.NULL_EMITTED,
                        "combiner " + combiner.getClass().getName() + " returned null; expected a value");
            }
            codec.encode(folded, out);
        }
    }
}
