package dev.sampo.io;

import static dev.sampo.io.CodecsTest.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.Pair;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.Split;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryInputTest {
    record Unserializable(Object thing) implements Serializable {}

    @Test
    void givesTheElementsInOrderWhateverTheSplitSize() throws IOException {
        List<String> elements =
                IntStream.range(0, 1000).mapToObj(Integer::toString).toList();
        MemoryInput<String> input = MemoryInput.of(Codecs.STRING, elements);
        for (long bytes : new long[] {1, 2, 10, 1000, 1 << 20}) {
            assertThat(ReadBack.records(input, bytes)).isEqualTo(elements);
        }
        assertThat(input.splits(ReadBack.splitBytes(1))).hasSize(1000);
        assertThat(input.splits(ReadBack.splitBytes(1 << 20))).hasSize(1);
        assertThat(ReadBack.lines(input, ReadBack.splitBytes(10)).get(77))
                .isEqualTo(new ReadBack.Line("memory", 77, "77"));
    }

    @Test
    void takesElementsLargerThanAChunk() throws IOException {
        List<String> elements = List.of("a", "x".repeat(3 << 20), "", "b");
        assertThat(ReadBack.records(MemoryInput.of(Codecs.STRING, elements), 100))
                .isEqualTo(elements);
    }

    @Test
    void takesWhatIsSerializable() throws IOException {
        List<Pair<String, BigDecimal>> elements =
                List.of(Pair.of("a", new BigDecimal("1.50")), Pair.of("b\uD800", BigDecimal.TEN));
        assertThat(ReadBack.records(MemoryInput.of(elements), 1))
                .containsExactly(elements.get(0).toString(), elements.get(1).toString());
        assertThat(ReadBack.records(MemoryInput.of(List.of(1, 2)), 1)).containsExactly("1", "2");
    }

    @Test
    void refusesWhatIsNot() {
        refuses(
                ErrorCode.CODEC_CANNOT_ENCODE,
                () -> MemoryInput.of(List.of(new Unserializable(new Object()))),
                "Unserializable",
                "java.lang.Object");
        List<String> elements = new ArrayList<>();
        elements.add(null);
        refuses(ErrorCode.CODEC_CANNOT_ENCODE, () -> MemoryInput.of(Codecs.STRING, elements), "null");
    }

    @Test
    void nothingHasNoSplits() {
        assertThat(MemoryInput.of(Codecs.LONG, List.of()).splits(ReadBack.splitBytes(1)))
                .isEmpty();
    }

    @Test
    void refusesAPayloadOfAnotherSource() {
        MemoryInput<Long> input = MemoryInput.of(Codecs.LONG, List.of(1L));
        Split foreign = new Split("x", 1, List.of(), new byte[] {0, 0, 0, 9});
        refuses(ErrorCode.DATA_CORRUPT, () -> input.open(foreign, ReadBack.splitBytes(1)), "x");
    }
}
