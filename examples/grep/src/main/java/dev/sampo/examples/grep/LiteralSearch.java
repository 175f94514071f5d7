package dev.sampo.examples.grep;

import dev.sampo.io.Text;
import java.util.Arrays;

/**
 * Finds a run of bytes by Horspool's algorithm (R. N. Horspool, Practical fast searching in strings, Software: Practice
 * and Experience 10, 1980): compare from the last byte, and skip by what stands there.
 */
final class LiteralSearch implements LinePattern.Search {
    private final byte[] literal;
    private final int[] skips = new int[256];

    /**
     * Prepares a search.
     *
     * @param literal at least one byte
     */
    LiteralSearch(byte[] literal) {
        this.literal = literal.clone();
        Arrays.fill(skips, literal.length);
        for (int i = 0; i < literal.length - 1; i++) {
            skips[literal[i] & 0xFF] = literal.length - 1 - i;
        }
    }

    @Override
    public boolean isIn(Text line) {
        byte[] bytes = line.array();
        int last = literal.length - 1;
        byte lastByte = literal[last];
        int position = line.offset() + last;
        int end = line.offset() + line.length();
        while (position < end) {
            byte here = bytes[position];
            if (here == lastByte && matches(bytes, position - last)) {
                return true;
            }
            position += skips[here & 0xFF];
        }
        return false;
    }

    private boolean matches(byte[] bytes, int from) {
        for (int i = 0; i < literal.length - 1; i++) {
            if (bytes[from + i] != literal[i]) {
                return false;
            }
        }
        return true;
    }
}
