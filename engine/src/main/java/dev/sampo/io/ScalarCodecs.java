package dev.sampo.io;

import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.SampoException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The codecs of single values. Enums, so that every deserialized copy is the one instance. */
final class ScalarCodecs {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private ScalarCodecs() {}

    private static void expectLength(String type, int length, int expected) {
        if (length != expected) {
            throw new SampoException(
                    ErrorCode.DATA_CORRUPT, type + " of " + length + " bytes; expected " + expected + " bytes");
        }
    }

    enum OfString implements KeyCodec<String> {
        STRING;

        @Override
        public void encode(String value, ByteWriter out) {
            Utf8.encode(value, out);
        }

        @Override
        public String decode(byte[] bytes, int offset, int length) {
            return Utf8.decode(bytes, offset, length);
        }
    }

    enum OfText implements KeyCodec<Text> {
        TEXT;

        @Override
        public void encode(Text value, ByteWriter out) {
            out.write(value.array(), value.offset(), value.length());
        }

        @Override
        public Text decode(byte[] bytes, int offset, int length) {
            return new Text().set(bytes, offset, length);
        }
    }

    enum OfBytes implements KeyCodec<byte[]> {
        BYTES;

        @Override
        public void encode(byte[] value, ByteWriter out) {
            out.write(value);
        }

        @Override
        public byte[] decode(byte[] bytes, int offset, int length) {
            return Arrays.copyOfRange(bytes, offset, offset + length);
        }
    }

    enum OfInt implements KeyCodec<Integer> {
        INT;

        @Override
        public void encode(Integer value, ByteWriter out) {
            out.writeInt(value ^ Integer.MIN_VALUE);
        }

        @Override
        public Integer decode(byte[] bytes, int offset, int length) {
            expectLength("an int", length, Integer.BYTES);
            return (int) ScalarCodecs.INT.get(bytes, offset) ^ Integer.MIN_VALUE;
        }

        @Override
        public int fixedWidth() {
            return Integer.BYTES;
        }
    }

    enum OfLong implements KeyCodec<Long> {
        LONG;

        @Override
        public void encode(Long value, ByteWriter out) {
            out.writeLong(value ^ Long.MIN_VALUE);
        }

        @Override
        public Long decode(byte[] bytes, int offset, int length) {
            expectLength("a long", length, Long.BYTES);
            return (long) ScalarCodecs.LONG.get(bytes, offset) ^ Long.MIN_VALUE;
        }

        @Override
        public int fixedWidth() {
            return Long.BYTES;
        }
    }

    enum OfDouble implements KeyCodec<Double> {
        DOUBLE;

        @Override
        public void encode(Double value, ByteWriter out) {
            // IEEE 754 numbers order like sign-magnitude integers: flip the sign bit of the positive ones, and every
            // bit of the negative ones.
            long bits = Double.doubleToLongBits(value);
            out.writeLong(bits ^ ((bits >> 63) | Long.MIN_VALUE));
        }

        @Override
        public Double decode(byte[] bytes, int offset, int length) {
            expectLength("a double", length, Double.BYTES);
            long ordered = (long) ScalarCodecs.LONG.get(bytes, offset);
            return Double.longBitsToDouble(ordered ^ ((~ordered >> 63) | Long.MIN_VALUE));
        }

        @Override
        public int fixedWidth() {
            return Double.BYTES;
        }
    }

    enum OfBoolean implements KeyCodec<Boolean> {
        BOOLEAN;

        @Override
        public void encode(Boolean value, ByteWriter out) {
            out.writeByte(value ? 1 : 0);
        }

        @Override
        public Boolean decode(byte[] bytes, int offset, int length) {
            expectLength("a boolean", length, 1);
            byte value = bytes[offset];
            if (value != 0 && value != 1) {
                throw new SampoException(
                        ErrorCode.DATA_CORRUPT, "a boolean is the byte " + value + "; expected 0 or 1");
            }
            return value == 1;
        }

        @Override
        public int fixedWidth() {
            return 1;
        }
    }
}
