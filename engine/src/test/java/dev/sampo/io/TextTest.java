package dev.sampo.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void isEmptyAtFirst() {
        assertThat(new Text()).isEqualTo(Text.empty()).hasToString("").matches(Text::isEmpty);
        assertThat(Text.empty()).isNotSameAs(Text.empty());
    }

    @Test
    void looksAtBytesWithoutACopy() {
        byte[] bytes = "one two".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Text text = new Text().set(bytes, 4, 3);
        assertThat(text).hasToString("two");
        bytes[4] = 'T';
        assertThat(text).hasToString("Two");
        assertThat(text.array()).isSameAs(bytes);
    }

    @Test
    void aCopyHasBytesOfItsOwn() {
        byte[] bytes = {'a', 'b', 'c'};
        Text copy = new Text().set(bytes, 1, 2).copy();
        bytes[1] = 'x';
        assertThat(copy).hasToString("bc");
        assertThat(copy.array()).hasSize(2);
    }

    @Test
    void slicesIntoAnotherTextAndIntoItself() {
        Text text = Text.of("key=value");
        Text part = new Text();
        assertThat(text.slice(part, 4, 9)).isSameAs(part).hasToString("value");
        assertThat(part.array()).isSameAs(text.array());
        assertThat(text.slice(text, 0, 3)).hasToString("key");
    }

    @Test
    void refusesPlacesOutsideItsBytes() {
        Text text = Text.of("abc");
        assertThatThrownBy(() -> text.at(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> text.slice(new Text(), 1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> text.set(new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> text.indexOf('a', -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(text.indexOf('a', 7)).isEqualTo(-1);
    }

    @Test
    void readsMalformedBytesAsReplacementCharacters() {
        assertThat(Text.of(new byte[] {'a', (byte) 0xFF, 'b'})).hasToString("a\uFFFDb");
    }

    @Test
    void serializesItsOwnBytesOnly() {
        Text text = new Text().set(new byte[100_000], 7, 3);
        Text copy = ReadBack.serialized(text);
        assertThat(copy).isEqualTo(text);
        assertThat(copy.array()).hasSize(3);
    }

    @Property
    void findsTheSameByteAsALoop(
            @ForAll @Size(max = 40) byte[] bytes, @ForAll byte value, @ForAll @IntRange(max = 40) int from) {
        int expected = -1;
        for (int i = from; i < bytes.length && expected < 0; i++) {
            expected = bytes[i] == value ? i : -1;
        }
        assertThat(Text.of(bytes).indexOf(value, from)).isEqualTo(expected);
    }

    @Property
    void findsEveryByteThatIsThere(@ForAll @Size(min = 1, max = 40) byte[] bytes, @ForAll int seed) {
        byte value = bytes[Math.floorMod(seed, bytes.length)];
        int found = Text.of(bytes).indexOf(value, 0);
        assertThat(bytes[found]).isEqualTo(value);
        assertThat(Arrays.copyOf(bytes, found)).doesNotContain(value);
    }

    @Property
    void comparesAndHashesBytesWhereverTheyLie(
            @ForAll @Size(max = 30) byte[] left,
            @ForAll @Size(max = 30) byte[] right,
            @ForAll @IntRange(max = 9) int at) {
        byte[] moved = new byte[at + left.length + 3];
        System.arraycopy(left, 0, moved, at, left.length);
        Text view = new Text().set(moved, at, left.length);
        assertThat(view).isEqualTo(Text.of(left)).hasSameHashCodeAs(Text.of(left));
        assertThat(Integer.signum(view.compareTo(Text.of(right))))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(left, right)));
        assertThat(view.equals(Text.of(right))).isEqualTo(Arrays.equals(left, right));
        assertThat(view.startsWith(new Text().set(left, 0, left.length / 2))).isTrue();
        assertThat(Text.of(right).startsWith(view))
                .isEqualTo(right.length >= left.length && Arrays.equals(Arrays.copyOf(right, left.length), left));
    }
}
