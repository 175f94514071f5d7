package dev.sampo.examples.grep;

import dev.sampo.io.Text;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression in the language of {@link Pattern} that is searched for in lines of bytes. It matches a line when
 * it matches anywhere in it. Only a line feed ends a line: a carriage return is a character like any other.
 *
 * <p>How bytes become characters depends on the expression:
 *
 * <ul>
 *   <li>A plain ASCII expression sees one character per byte. Bytes from 0x80 on are characters that equal no ASCII
 *       character and are neither letters, digits nor space, so lines need not be UTF-8 and nothing is decoded.
 *   <li>An expression with a character beyond ASCII, or with an escape or flag that can mean one (a backslash before one
 *       of {@code p P x u N X}; {@code (?u)}, {@code (?U)}), sees the line decoded as UTF-8, malformed bytes as U+FFFD.
 * </ul>
 */
public final class LinePattern implements Serializable {
    private static final long serialVersionUID = 1;

    private static final Pattern BEYOND_ASCII = Pattern.compile("[^\\x00-\\x7F]|\\\\[pPxuNX]|\\(\\?[a-z]*[uU]");

    private final Pattern pattern;
    private final boolean decoded;

    private LinePattern(Pattern pattern, boolean decoded) {
        this.pattern = pattern;
        this.decoded = decoded;
    }

    /**
     * Compiles an expression.
     *
     * @throws PatternSyntaxException when it is malformed
     */
    public static LinePattern compile(String expression) {
        return new LinePattern(
                Pattern.compile(expression, Pattern.UNIX_LINES),
                BEYOND_ASCII.matcher(expression).find());
    }

    /** Returns a new search, for one thread. */
    Search search() {
        if (decoded) {
            return new DecodingSearch(pattern);
        }
        byte[] literal = RequiredLiteral.of(pattern.pattern()).getBytes(StandardCharsets.US_ASCII);
        Search search = new ByteSearch(pattern);
        if (literal.length == 0) {
            return search;
        }
        LiteralSearch quick = new LiteralSearch(literal);
        boolean isLiteral = literal.length == pattern.pattern().length();
        return isLiteral ? quick : line -> quick.isIn(line) && search.isIn(line);
    }

    /** Answers whether a line matches. Used by one thread. */
    @FunctionalInterface
    interface Search {
        boolean isIn(Text line);
    }
}
