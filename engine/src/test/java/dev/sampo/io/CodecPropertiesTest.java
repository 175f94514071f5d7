package dev.sampo.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.Pair;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.Codec;
import dev.sampo.spi.KeyCodec;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Every codec gives back what it took; every codec of keys keeps the order. */
class CodecPropertiesTest {
    private static final Comparator<String> BY_CODE_POINT = (left, right) ->
            Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());

    record Inner(String name, double score) {}

    record Outer(String first, int number, Inner inner, Pair<String, Long> pair, byte[] raw, boolean last) {
        List<Object> content() {
            return List.of(first, number, inner, pair, Text.of(raw), last);
        }
    }

    private static final Comparator<Inner> INNER =
            Comparator.comparing(Inner::name, BY_CODE_POINT).thenComparing(Inner::score, Double::compare);
    private static final Comparator<Pair<String, Long>> STRING_LONG = Comparator.comparing(
                    (Pair<String, Long> pair) -> pair.first(), BY_CODE_POINT)
            .thenComparing(pair -> pair.second());
    private static final Comparator<Outer> OUTER = Comparator.comparing(Outer::first, BY_CODE_POINT)
            .thenComparing(Outer::number)
            .thenComparing(Outer::inner, INNER)
            .thenComparing(Outer::pair, STRING_LONG)
            .thenComparing(Outer::raw, Arrays::compareUnsigned)
            .thenComparing(Outer::last);

    /** Few different characters, so that one string is often a prefix of another; the awkward ones are among them. */
    @Provide
    Arbitrary<String> strings() {
        return Arbitraries.of(
                        "\0", "\u0001", "a", "b", "\u007F", "\u0080", "\u00FF", "\u07FF", "\uE000", "\uFFFD", "\uFFFF")
                .array(String[].class)
                .ofMaxSize(4)
                .map(parts -> String.join("", parts))
                .flatMap(text -> Arbitraries.of(text, text + "\uD83D\uDE00", "\uD800\uDC00" + text));
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        return Arbitraries.of((byte) 0, (byte) 0xFF, (byte) 1, (byte) 'a', (byte) 0x80)
                .array(byte[].class)
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<Double> doubles() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        0.0,
                        -0.0,
                        Double.NaN,
                        Double.MIN_VALUE,
                        -Double.MIN_VALUE,
                        Double.POSITIVE_INFINITY,
                        Double.NEGATIVE_INFINITY,
                        Double.MAX_VALUE,
                        1.0,
                        -1.0),
                Arbitraries.longs().map(Double::longBitsToDouble));
    }

    @Provide
    Arbitrary<Pair<String, Long>> pairs() {
        return Combinators.combine(strings(), Arbitraries.longs()).as(Pair::of);
    }

    @Provide
    Arbitrary<Inner> inners() {
        return Combinators.combine(strings(), doubles()).as(Inner::new);
    }

    @Provide
    Arbitrary<Outer> outers() {
        return Combinators.combine(
                        strings(),
                        Arbitraries.integers().between(-2, 2),
                        inners(),
                        pairs(),
                        bytes(),
                        Arbitraries.of(true, false))
                .as(Outer::new);
    }

    private static byte[] encoded(Codec<?> codec, Object value) {
        @SuppressWarnings("unchecked") // every test hands a value to a codec of its type
        Codec<Object> untyped = (Codec<Object>) codec;
        ByteWriter out = new ByteWriter(0);
        untyped.encode(value, out);
        return out.toByteArray();
    }

    /** Decodes from the middle of a larger array, as the engine does. */
    private static <T> T decoded(Codec<T> codec, byte[] encoded) {
        byte[] page = new byte[encoded.length + 7];
        Arrays.fill(page, (byte) 0x5A);
        System.arraycopy(encoded, 0, page, 3, encoded.length);
        return codec.decode(page, 3, encoded.length);
    }

    private static <T> void givesBack(Codec<T> codec, T value) {
        byte[] encoded = encoded(codec, value);
        assertThat(decoded(codec, encoded)).isEqualTo(value);
        if (codec.fixedWidth() >= 0) {
            assertThat(encoded).hasSize(codec.fixedWidth());
        }
    }

    private static <T> void keepsOrder(KeyCodec<T> codec, T left, T right, Comparator<? super T> order) {
        assertThat(Integer.signum(Arrays.compareUnsigned(encoded(codec, left), encoded(codec, right))))
                .as("order of %s and %s", left, right)
                .isEqualTo(Integer.signum(order.compare(left, right)));
    }

    @Property
    void strings(@ForAll("strings") String left, @ForAll("strings") String right) {
        givesBack(Codecs.STRING, left);
        keepsOrder(Codecs.STRING, left, right, BY_CODE_POINT);
    }

    @Property
    void anyWellFormedString(@ForAll String string) {
        String wellFormed = string.codePoints()
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        givesBack(Codecs.STRING, wellFormed);
        assertThat(encoded(Codecs.STRING, wellFormed))
                .isEqualTo(wellFormed.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Property
    void texts(@ForAll("bytes") byte[] left, @ForAll("bytes") byte[] right) {
        givesBack(Codecs.TEXT, Text.of(left));
        keepsOrder(Codecs.TEXT, Text.of(left), Text.of(right), Comparator.naturalOrder());
    }

    @Property
    void byteArrays(@ForAll("bytes") byte[] left, @ForAll("bytes") byte[] right) {
        givesBack(Codecs.BYTES, left);
        keepsOrder(Codecs.BYTES, left, right, Arrays::compareUnsigned);
    }

    @Property
    void ints(@ForAll int left, @ForAll int right) {
        givesBack(Codecs.INT, left);
        keepsOrder(Codecs.INT, left, right, Comparator.naturalOrder());
    }

    @Property
    void longs(@ForAll long left, @ForAll long right) {
        givesBack(Codecs.LONG, left);
        keepsOrder(Codecs.LONG, left, right, Comparator.naturalOrder());
    }

    @Property
    void doubles(@ForAll("doubles") Double left, @ForAll("doubles") Double right) {
        givesBack(Codecs.DOUBLE, left);
        keepsOrder(Codecs.DOUBLE, left, right, Double::compare);
    }

    @Property
    void booleans(@ForAll boolean left, @ForAll boolean right) {
        givesBack(Codecs.BOOLEAN, left);
        keepsOrder(Codecs.BOOLEAN, left, right, Boolean::compare);
    }

    @Property
    void pairsOfStringAndLong(@ForAll("pairs") Pair<String, Long> left, @ForAll("pairs") Pair<String, Long> right) {
        KeyCodec<Pair<String, Long>> codec = Codecs.pairKey(Codecs.STRING, Codecs.LONG);
        givesBack(codec, left);
        givesBack(Codecs.pair(Codecs.STRING, Codecs.LONG), left);
        keepsOrder(codec, left, right, STRING_LONG);
    }

    @Property
    void pairsOfPairs(
            @ForAll("bytes") byte[] a,
            @ForAll("bytes") byte[] b,
            @ForAll("bytes") byte[] c,
            @ForAll("bytes") byte[] d,
            @ForAll boolean same) {
        KeyCodec<Pair<Pair<Text, Text>, Text>> codec =
                Codecs.pairKey(Codecs.pairKey(Codecs.TEXT, Codecs.TEXT), Codecs.TEXT);
        Pair<Pair<Text, Text>, Text> left = Pair.of(Pair.of(Text.of(a), Text.of(b)), Text.of(c));
        Pair<Pair<Text, Text>, Text> right = Pair.of(Pair.of(Text.of(same ? a : c), Text.of(d)), Text.of(b));
        givesBack(codec, left);
        givesBack(Codecs.pair(Codecs.pair(Codecs.TEXT, Codecs.TEXT), Codecs.TEXT), left);
        keepsOrder(
                codec,
                left,
                right,
                Comparator.comparing((Pair<Pair<Text, Text>, Text> pair) ->
                                pair.first().first())
                        .thenComparing(pair -> pair.first().second())
                        .thenComparing(pair -> pair.second()));
    }

    @Property
    void pairsOfFixedWidth(@ForAll int a, @ForAll("doubles") Double b, @ForAll int c, @ForAll boolean same) {
        KeyCodec<Pair<Integer, Double>> codec = Codecs.pairKey(Codecs.INT, Codecs.DOUBLE);
        assertThat(codec.fixedWidth()).isEqualTo(12);
        givesBack(codec, Pair.of(a, b));
        keepsOrder(
                codec,
                Pair.of(a, b),
                Pair.of(same ? a : c, (double) c),
                Comparator.comparing((Pair<Integer, Double> pair) -> pair.first())
                        .thenComparing(pair -> pair.second(), Double::compare));
    }

    @Property
    void records(@ForAll("outers") Outer left, @ForAll("outers") Outer right) {
        KeyCodec<Outer> codec = Codecs.recordKey(Outer.class);
        assertThat(decoded(codec, encoded(codec, left)).content()).isEqualTo(left.content());
        keepsOrder(codec, left, right, OUTER);
        Codec<Outer> values = Codecs.record(Outer.class);
        assertThat(decoded(values, encoded(values, left)).content()).isEqualTo(left.content());
        Outer near = new Outer(left.first(), left.number(), left.inner(), left.pair(), right.raw(), right.last());
        keepsOrder(codec, left, near, OUTER);
    }

    @Property
    void lists(@ForAll("strings") String a, @ForAll("strings") String b, @ForAll("inners") Inner inner) {
        givesBack(Codecs.list(Codecs.STRING), List.of(a, b, "x".repeat(300)));
        givesBack(Codecs.list(Codecs.STRING), List.of());
        givesBack(Codecs.list(Codecs.record(Inner.class)), List.of(inner, inner));
        givesBack(Codecs.list(Codecs.list(Codecs.LONG)), List.of(List.of(1L, -2L), List.of()));
    }

    @Property
    void bytesOfNobodyAreReadOrRefusedButNothingElse(@ForAll("bytes") byte[] noise) {
        for (Codec<?> codec : List.of(
                Codecs.STRING,
                Codecs.LONG,
                Codecs.BOOLEAN,
                Codecs.pairKey(Codecs.STRING, Codecs.INT),
                Codecs.pair(Codecs.STRING, Codecs.INT),
                Codecs.recordKey(Outer.class),
                Codecs.record(Outer.class),
                Codecs.list(Codecs.STRING))) {
            try {
                decoded(codec, noise);
            } catch (dev.sampo.spi.SampoException e) {
                assertThat(e.code()).isEqualTo(dev.sampo.spi.ErrorCode.DATA_CORRUPT);
            }
        }
    }
}
