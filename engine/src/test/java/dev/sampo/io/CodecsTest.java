package dev.sampo.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sampo.api.Combiners;
import dev.sampo.api.Pair;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.KeyCodec;
import dev.sampo.spi.SampoException;
import java.math.BigDecimal;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CodecsTest {
    private record Hidden(int number, String text) {}

    record Unknown(int number, BigDecimal money) {}

    record Recursive(String name, Recursive next) {}

    record Empty() {}

    record Holder(@Nullable String text, int number) {}

    record Checked(int number) {
        Checked {
            if (number < 0) {
                throw new IllegalArgumentException("negative");
            }
        }
    }

    record RawPair(@SuppressWarnings("rawtypes") Pair pair) {}

    static <T> byte[] bytes(Codec<T> codec, T value) {
        ByteWriter out = new ByteWriter();
        codec.encode(value, out);
        return out.toByteArray();
    }

    static void refuses(ErrorCode code, ThrowingCallable call, String... parts) {
        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> List.of(parts)
                        .forEach(part -> assertThat(e.getMessage()).contains(part)));
    }

    @Test
    void deserializedConstantsAreTheConstants() {
        for (Codec<?> codec : List.of(
                Codecs.STRING, Codecs.TEXT, Codecs.INT, Codecs.LONG, Codecs.DOUBLE, Codecs.BOOLEAN, Codecs.BYTES)) {
            assertThat(ReadBack.<Object>serialized(codec)).isSameAs(codec);
        }
    }

    @Test
    void madeCodecsEqualTheirSerializedCopies() {
        for (Codec<?> codec : List.of(
                Codecs.pairKey(Codecs.STRING, Codecs.recordKey(Hidden.class)),
                Codecs.pair(Codecs.STRING, Codecs.LONG),
                Codecs.list(Codecs.record(Hidden.class)))) {
            assertThat(ReadBack.<Object>serialized(codec)).isEqualTo(codec).hasToString(codec.toString());
        }
        KeyCodec<Hidden> copy = ReadBack.serialized(Codecs.recordKey(Hidden.class));
        Hidden value = new Hidden(-7, "a\0b");
        byte[] encoded = bytes(copy, value);
        assertThat(copy.decode(encoded, 0, encoded.length)).isEqualTo(value);
    }

    @Test
    void longsHaveTheFormThatCombinersFold() {
        byte[] sum = bytes(Codecs.LONG, 5L);
        Combiners.sumLong().fold(sum, 0, bytes(Codecs.LONG, -12L), 0);
        assertThat(Codecs.LONG.decode(sum, 0, 8)).isEqualTo(-7L);
    }

    @Test
    void refusesUnpairedSurrogatesNamingTheirIndex() {
        refuses(ErrorCode.CODEC_CANNOT_ENCODE, () -> bytes(Codecs.STRING, "ab\uD800c"), "U+D800", "index 2");
        refuses(ErrorCode.CODEC_CANNOT_ENCODE, () -> bytes(Codecs.STRING, "\uDC00\uD800"), "U+DC00", "index 0");
        refuses(ErrorCode.CODEC_CANNOT_ENCODE, () -> bytes(Codecs.STRING, "\uD800"), "index 0");
    }

    @Test
    void encodesSurrogatePairsAcrossTheInternalChunks() {
        for (int ascii = 4090; ascii < 4100; ascii++) {
            String string = "a".repeat(ascii) + "\uD83D\uDE00".repeat(3000) + "\u20AC".repeat(5000);
            byte[] encoded = bytes(Codecs.STRING, string);
            assertThat(Codecs.STRING.decode(encoded, 0, encoded.length)).isEqualTo(string);
        }
    }

    @Test
    void allNaNsAreOneKey() {
        assertThat(bytes(Codecs.DOUBLE, Double.longBitsToDouble(0xFFF8_0000_0000_0001L)))
                .isEqualTo(bytes(Codecs.DOUBLE, Double.NaN));
    }

    @Test
    void refusesCorruptBytes() {
        byte[] bytes = {(byte) 0xC3, 0x28, 2};
        refuses(ErrorCode.DATA_CORRUPT, () -> Codecs.STRING.decode(bytes, 0, 2), "UTF-8");
        refuses(ErrorCode.DATA_CORRUPT, () -> Codecs.LONG.decode(bytes, 0, 3), "3 bytes", "8 bytes");
        refuses(ErrorCode.DATA_CORRUPT, () -> Codecs.BOOLEAN.decode(bytes, 2, 1), "2", "0 or 1");
        refuses(ErrorCode.DATA_CORRUPT, () -> Codecs.list(Codecs.STRING).decode(bytes, 2, 1));
        refuses(
                ErrorCode.DATA_CORRUPT,
                () -> Codecs.pairKey(Codecs.TEXT, Codecs.TEXT).decode(bytes, 0, 3));
        refuses(ErrorCode.DATA_CORRUPT, () -> Codecs.record(Empty.class).decode(bytes, 0, 3));
    }

    @Test
    void aReplacementCharacterThatWasWrittenIsReadBack() {
        byte[] encoded = bytes(Codecs.STRING, "a\uFFFDb");
        assertThat(Codecs.STRING.decode(encoded, 0, encoded.length)).isEqualTo("a\uFFFDb");
    }

    @Test
    void findsCodecsByClass() {
        assertThat(Codecs.registry().keyCodec(String.class)).isSameAs(Codecs.STRING);
        assertThat(Codecs.registry().keyCodec(Text.class)).isSameAs(Codecs.TEXT);
        assertThat(Codecs.registry().valueCodec(Long.class)).isSameAs(Codecs.LONG);
        assertThat(Codecs.registry().valueCodec(Integer.class)).isSameAs(Codecs.INT);
        assertThat(Codecs.registry().valueCodec(Double.class)).isSameAs(Codecs.DOUBLE);
        assertThat(Codecs.registry().valueCodec(Boolean.class)).isSameAs(Codecs.BOOLEAN);
        assertThat(Codecs.registry().valueCodec(byte[].class)).isSameAs(Codecs.BYTES);
        assertThat(Codecs.registry().keyCodec(Hidden.class)).isEqualTo(Codecs.recordKey(Hidden.class));
        assertThat(Codecs.registry().valueCodec(Hidden.class)).isEqualTo(Codecs.record(Hidden.class));
    }

    @Test
    void refusesClassesWithoutACodecNamingTheKnownOnes() {
        refuses(
                ErrorCode.CODEC_UNKNOWN,
                () -> Codecs.registry().valueCodec(BigDecimal.class),
                "java.math.BigDecimal",
                "String, Text, Integer");
        refuses(ErrorCode.CODEC_UNKNOWN, () -> Codecs.registry().keyCodec(Pair.class), "Codecs.pairKey");
        refuses(ErrorCode.CODEC_UNKNOWN, () -> Codecs.recordKey(Unknown.class), "component money", "BigDecimal");
        refuses(ErrorCode.CODEC_UNKNOWN, () -> Codecs.record(Recursive.class), "contains itself");
        refuses(ErrorCode.CODEC_UNKNOWN, () -> Codecs.record(RawPair.class), "component pair");
        refuses(ErrorCode.CODEC_UNKNOWN, () -> Codecs.record(Record.class), "not a record class");
    }

    @Test
    void refusesNullInRecordsAndLists() {
        refuses(
                ErrorCode.CODEC_CANNOT_ENCODE,
                () -> bytes(Codecs.record(Holder.class), new Holder(null, 1)),
                "component text",
                "null");
        List<String> list = new java.util.ArrayList<>();
        list.add(null);
        refuses(ErrorCode.CODEC_CANNOT_ENCODE, () -> bytes(Codecs.list(Codecs.STRING), list), "null");
    }

    @Test
    void saysWhenARecordRefusesItsOwnComponents() {
        byte[] negative = bytes(Codecs.INT, -1);
        refuses(
                ErrorCode.DATA_CORRUPT,
                () -> Codecs.record(Checked.class).decode(negative, 0, negative.length),
                "Checked",
                "[-1]");
    }

    @Test
    void recordsOfFixedWidthHaveAFixedWidth() {
        record Point(int x, double y, boolean z) {}
        assertThat(Codecs.recordKey(Point.class).fixedWidth()).isEqualTo(13);
        assertThat(Codecs.record(Hidden.class).fixedWidth()).isEqualTo(-1);
        assertThat(Codecs.record(Empty.class).fixedWidth()).isZero();
    }

    @Test
    void aNulInAKeyCostsOneByteMore() {
        assertThat(bytes(Codecs.pairKey(Codecs.STRING, Codecs.STRING), Pair.of("a\0", "\0")))
                .containsExactly('a', 0, 0xFF, 0, 0, 0);
    }

    @Test
    void doesNotTouchWhatTheWriterHeldBefore() {
        ByteWriter out = new ByteWriter(0);
        out.write(new byte[] {0, 0, 9});
        Codecs.pairKey(Codecs.TEXT, Codecs.TEXT).encode(Pair.of(Text.of("\0"), Text.of("x")), out);
        assertThat(out.toByteArray()).containsExactly(0, 0, 9, 0, 0xFF, 0, 0, 'x');
    }
}
