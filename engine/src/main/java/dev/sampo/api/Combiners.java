package dev.sampo.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Combiners that many jobs need. Those of {@code long} fold in place on the bytes of {@code Codecs.LONG}: eight bytes,
 * most significant first, sign bit flipped.
 */
public final class Combiners {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Combiners() {}

    /** Adds. A sum that leaves the range of {@code long} fails the attempt. */
    public static FixedWidthCombiner<Long> sumLong() {
        return LongFold.SUM;
    }

    /** Keeps the smaller. */
    public static FixedWidthCombiner<Long> minLong() {
        return LongFold.MIN;
    }

    /** Keeps the larger. */
    public static FixedWidthCombiner<Long> maxLong() {
        return LongFold.MAX;
    }

    /** An enum, so that every deserialized copy is the one instance and the inner loop stays monomorphic. */
    private enum LongFold implements FixedWidthCombiner<Long> {
        SUM {
            @Override
            public Long combine(Long left, Long right) {
                return Math.addExact(left, right);
            }

            @Override
            public void fold(byte[] accumulator, int accumulatorOffset, byte[] value, int valueOffset) {
                long left = (long) LONG.get(accumulator, accumulatorOffset) ^ Long.MIN_VALUE;
                long right = (long) LONG.get(value, valueOffset) ^ Long.MIN_VALUE;
                LONG.set(accumulator, accumulatorOffset, Math.addExact(left, right) ^ Long.MIN_VALUE);
            }
        },
        MIN {
            @Override
            public Long combine(Long left, Long right) {
                return Math.min(left, right);
            }

            @Override
            public void fold(byte[] accumulator, int accumulatorOffset, byte[] value, int valueOffset) {
                long candidate = (long) LONG.get(value, valueOffset);
                if (Long.compareUnsigned(candidate, (long) LONG.get(accumulator, accumulatorOffset)) < 0) {
                    LONG.set(accumulator, accumulatorOffset, candidate);
                }
            }
        },
        MAX {
            @Override
            public Long combine(Long left, Long right) {
                return Math.max(left, right);
            }

            @Override
            public void fold(byte[] accumulator, int accumulatorOffset, byte[] value, int valueOffset) {
                long candidate = (long) LONG.get(value, valueOffset);
                if (Long.compareUnsigned(candidate, (long) LONG.get(accumulator, accumulatorOffset)) > 0) {
                    LONG.set(accumulator, accumulatorOffset, candidate);
                }
            }
        };

        @Override
        public int width() {
            return Long.BYTES;
        }
    }
}
