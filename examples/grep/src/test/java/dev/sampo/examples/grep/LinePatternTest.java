package dev.sampo.examples.grep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.io.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinePatternTest {
    @ParameterizedTest
    @CsvSource({
        "spin_lock, spin_lock",
        "a\\.b, a.b",
        "ab*cd, cd",
        "abc?, ab",
        "abc+de, abc",
        "^do .*main, main",
        "[a-z]+_lock, _lock",
        "\\w+foo\\d, foo",
        "'foo|bar', ''",
        "(foo), ''",
        "a{2}, ''",
        "x\\x41long, ''",
        "[\\]]abc, ''",
        "abc\\, ''",
        "a*, ''"
    })
    void findsTextThatEveryMatchHolds(String expression, String literal) {
        assertThat(RequiredLiteral.of(expression)).isEqualTo(literal);
    }

    @Test
    void agreesWithThePlainEngineOnRandomExpressions() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        List<String> pieces = List.of(
                "a", "b", "ab", "ba", ".", "a*", "b+", "a?", "[ab]", "[^a]", "\\.", "\\b", "\\w", "^", "$", "(a|b)",
                "a|b", "b{2}");
        for (int round = 0; round < 3000; round++) {
            StringBuilder expression = new StringBuilder();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                expression.append(pieces.get(random.nextInt(pieces.size())));
            }
            Pattern plain = Pattern.compile(expression.toString());
            LinePattern.Search search =
                    LinePattern.compile(expression.toString()).search();
            for (int i = 0; i < 20; i++) {
                String line = random.ints(random.nextInt(9), 0, 4)
                        .collect(StringBuilder::new, (text, c) -> text.append("ab. ".charAt(c)), StringBuilder::append)
                        .toString();
                assertThat(search.isIn(Text.of(line)))
                        .as("seed %d, expression %s, line '%s'", seed, expression, line)
                        .isEqualTo(plain.matcher(line).find());
            }
        }
    }

    @Test
    void seesOneCharacterPerByteForAnAsciiExpression() {
        assertThat(isIn("^.$", "\u00E9".getBytes(StandardCharsets.ISO_8859_1))).isTrue();
        assertThat(isIn("^..$", "\u00E9".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(isIn("[^a]", new byte[] {(byte) 0x85})).isTrue();
        assertThat(isIn("\\w|\\s|\\d", new byte[] {(byte) 0xE9, (byte) 0xA0, (byte) 0xB2}))
                .isFalse();
    }

    @Test
    void seesCharactersForAnExpressionBeyondAscii() {
        byte[] line = "na\u00EFve caf\u00E9".getBytes(StandardCharsets.UTF_8);
        assertThat(isIn("caf\u00E9$", line)).isTrue();
        assertThat(isIn("\\p{IsLatin}{5}", line)).isTrue();
        assertThat(isIn("\\u00E9$", line)).isTrue();
        assertThat(isIn("(?iu)CAF\u00C9", line)).isTrue();
        assertThat(isIn("\uFFFD", new byte[] {'a', (byte) 0xFF})).isTrue();
        assertThat(isIn("\u00E9$", "x".repeat(5000).concat("\u00E9").getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    @Test
    void treatsCarriageReturnAsACharacter() {
        byte[] line = "end\r".getBytes(StandardCharsets.UTF_8);
        assertThat(isIn("end$", line)).isFalse();
        assertThat(isIn("end.$", line)).isTrue();
    }

    @Test
    void looksAtItsPartOfTheBytesOnly() {
        Text part = new Text().set("xxneedlexx".getBytes(StandardCharsets.UTF_8), 3, 5);
        assertThat(LinePattern.compile("needle").search().isIn(part)).isFalse();
        assertThat(LinePattern.compile("eedle").search().isIn(part)).isTrue();
        assertThat(LinePattern.compile("^eedle$").search().isIn(part)).isTrue();
    }

    @Test
    void refusesMalformedExpression() {
        assertThatThrownBy(() -> LinePattern.compile("(")).isInstanceOf(PatternSyntaxException.class);
    }

    private static boolean isIn(String expression, byte[] line) {
        return LinePattern.compile(expression).search().isIn(Text.of(line));
    }
}
