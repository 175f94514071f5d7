package dev.sampo.internal.shuffle;

import dev.sampo.api.FixedWidthCombiner;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Folds values of one width in place. The first fold is done both ways, so that a codec of another layout is found out. */
final class FixedWidthFold implements ValueFold {
    private final FixedWidthCombiner<?> combiner;
    private final CodecFold reference;
    private final int width;
    private boolean checked;

    FixedWidthFold(FixedWidthCombiner<?> combiner, CodecFold reference) {
        this.combiner = combiner;
        this.reference = reference;
        this.width = combiner.width();
    }

    int width() {
        return width;
    }

    /** Checks the length of a value, which the codec promised. */
    void requireWidth(int length) {
        if (length != width) {
            throw new SampoException(
                    ErrorCode.JOB_INVALID,
                    "combiner " + combiner.getClass().getName() + ": the codec wrote a value of " + length
                            + " bytes; expected " + width + ", as its fixed width says");
        }
    }

    /** Folds {@code width} bytes of {@code value} into those of {@code accumulator}. */
    void fold(byte[] accumulator, int accumulatorOffset, byte[] value, int valueOffset) {
        if (checked) {
            combiner.fold(accumulator, accumulatorOffset, value, valueOffset);
        } else {
            foldChecked(accumulator, accumulatorOffset, value, valueOffset);
        }
    }

    private void foldChecked(byte[] accumulator, int accumulatorOffset, byte[] value, int valueOffset) {
        reference.fold(accumulator, accumulatorOffset, width, value, valueOffset, width);
        byte[] expected = Arrays.copyOf(reference.array(), reference.length());
        try {
            combiner.fold(accumulator, accumulatorOffset, value, valueOffset);
        } catch (RuntimeException failure) {
            throw disagreement("threw " + failure, expected, failure);
        }
        byte[] folded = Arrays.copyOfRange(accumulator, accumulatorOffset, accumulatorOffset + width);
        if (!Arrays.equals(expected, folded)) {
            throw disagreement("made " + HexFormat.of().formatHex(folded), expected, null);
        }
        checked = true;
    }

    private SampoException disagreement(String did, byte[] expected, @Nullable RuntimeException cause) {
        return new SampoException(
                ErrorCode.JOB_INVALID,
                "combiner " + combiner.getClass().getName() + ": fold() " + did + " where combine() and the codec make "
                        + HexFormat.of().formatHex(expected)
                        + "; expected the same bytes (is the value codec the one the combiner was written for?)",
                cause);
    }
}
