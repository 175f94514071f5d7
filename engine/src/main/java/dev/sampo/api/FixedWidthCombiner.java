package dev.sampo.api;

/**
 * A combiner that folds encoded values in place, without decoding them: the quick way for sums, counts, minima and the
 * like. The value codec of the job must encode every value in exactly {@link #width()} bytes.
 *
 * <p>{@link #fold} must agree with {@link #combine}: the engine checks the first fold of every attempt against it and
 * fails the attempt when they differ.
 *
 * @param <V> the type of the values
 */
public interface FixedWidthCombiner<V> extends Combiner<V> {
    /** Returns the number of bytes of every encoded value, more than 0. */
    int width();

    /**
     * Folds the value at {@code valueOffset} of {@code value} into the one at {@code accumulatorOffset} of {@code
     * accumulator}; both are {@link #width()} bytes long, as the codec wrote them.
     */
    void fold(byte[] accumulator, int accumulatorOffset, byte[] value, int valueOffset);
}
