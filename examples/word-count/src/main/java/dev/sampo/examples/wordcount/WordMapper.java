package dev.sampo.examples.wordcount;

import dev.sampo.api.Emitter;
import dev.sampo.api.Mapper;
import dev.sampo.io.Text;

/**
 * Emits each word of a line with the number 1. A word is a longest run of bytes other than space (0x20), tab (0x09) and
 * line feed (0x0A); bytes are not interpreted, so malformed UTF-8 is counted like any other word.
 *
 * <p>The word that is emitted is one reused view on the bytes of the line: no object is made per word.
 */
public final class WordMapper implements Mapper<Text, Text, Long> {
    private static final long serialVersionUID = 1;
    private static final Long ONE = 1L;

    private final Text word = new Text();

    @Override
    public void map(Text line, Emitter<Text, Long> out) {
        byte[] bytes = line.array();
        int position = line.offset();
        int end = position + line.length();
        while (position < end) {
            if (isSeparator(bytes[position])) {
                position++;
                continue;
            }
            int start = position++;
            while (position < end && !isSeparator(bytes[position])) {
                position++;
            }
            out.emit(word.set(bytes, start, position - start), ONE);
        }
    }

    /** The first comparison decides for nearly every byte of a word; bytes from 0x80 on are negative. */
    private static boolean isSeparator(byte value) {
        return value <= ' ' && (value == ' ' || value == '\t' || value == '\n');
    }
}
