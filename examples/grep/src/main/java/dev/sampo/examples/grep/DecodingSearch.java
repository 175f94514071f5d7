package dev.sampo.examples.grep;

import dev.sampo.io.Text;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a regular expression over lines decoded as UTF-8 into one reused buffer. */
final class DecodingSearch implements LinePattern.Search {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final Matcher matcher;
    private CharBuffer characters = CharBuffer.allocate(1024);

    DecodingSearch(Pattern pattern) {
        this.matcher = pattern.matcher(characters);
    }

    @Override
    public boolean isIn(Text line) {
        // UTF-8 never has more characters than bytes, and a malformed byte becomes at most one
        if (characters.capacity() < line.length()) {
            characters = CharBuffer.allocate(Math.max(line.length(), Math.min(2 * characters.capacity(), 1 << 30)));
        }
        characters.clear();
        decoder.reset();
        decoder.decode(ByteBuffer.wrap(line.array(), line.offset(), line.length()), characters, true);
        decoder.flush(characters);
        return matcher.reset(characters.flip()).find();
    }
}
