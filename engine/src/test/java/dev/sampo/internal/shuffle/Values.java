package dev.sampo.internal.shuffle;

import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import java.util.Arrays;
import java.util.List;

/** Codecs for the tests of this package, which does not know those that ship. */
final class Values {
    static final LongCodec LONG = new LongCodec(Long.MIN_VALUE);
    /** A fixed-width layout that the built-in combiners were not written for. */
    static final LongCodec UNFLIPPED = new LongCodec(0);

    static final Codec<String> TEXT = new TextCodec();

    private Values() {}

    static String sum(List<String> values) {
        long sum = 0;
        for (String value : values) {
            byte[] bytes = ShuffleFixture.bytes(value);
            sum += LONG.decode(bytes, 0, bytes.length);
        }
        return Long.toString(sum);
    }

    static String sorted(String value) {
        char[] chars = value.toCharArray();
        Arrays.sort(chars);
        return new String(chars);
    }

    /** Eight bytes, most significant first, xor a mask. */
    record LongCodec(long mask) implements Codec<Long> {
        @Override
        public void encode(Long value, ByteWriter out) {
            out.writeLong(value ^ mask);
        }

        @Override
        public Long decode(byte[] bytes, int offset, int length) {
            return (long) KeyOrder.LONG.get(bytes, offset) ^ mask;
        }

        @Override
        public int fixedWidth() {
            return Long.BYTES;
        }

        byte[] bytes(long value) {
            ByteWriter out = new ByteWriter();
            encode(value, out);
            return out.toByteArray();
        }
    }

    private static final class TextCodec implements Codec<String> {
        private static final long serialVersionUID = 1;

        @Override
        public void encode(String value, ByteWriter out) {
            out.write(ShuffleFixture.bytes(value));
        }

        @Override
        public String decode(byte[] bytes, int offset, int length) {
            return ShuffleFixture.text(bytes, offset, length);
        }
    }
}
