package dev.sampo.internal.shuffle;

import dev.sampo.api.Combiner;
import dev.sampo.api.FixedWidthCombiner;
import dev.sampo.spi.Codec;

/**
 * A combiner on encoded values. One instance serves one attempt and its thread. What the combiner throws passes through.
 */
public sealed interface ValueFold permits FixedWidthFold, CodecFold {
    /**
     * Makes the fold of a combiner: in place where it is a {@link FixedWidthCombiner} of the codec's width, otherwise by
     * decoding, combining and encoding.
     */
    static <V> ValueFold of(Combiner<V> combiner, Codec<V> codec) {
        if (combiner instanceof FixedWidthCombiner<V> fixed && fixed.width() == codec.fixedWidth()) {
            return new FixedWidthFold(fixed, new CodecFold(combiner, codec));
        }
        return new CodecFold(combiner, codec);
    }
}
