package dev.sampo.examples.invertedindex;

import dev.sampo.api.Emitter;
import dev.sampo.api.Mapper;
import dev.sampo.io.Text;
import java.util.HashSet;
import java.util.Set;

/**
 * Emits each word of a file with the file's name when it first meets it. What it has met is forgotten when the file
 * changes, and when it takes too much memory: the reducer drops what then comes twice.
 */
final class IndexMapper implements Mapper<Text, Text, Text> {
    private static final long serialVersionUID = 1;

    /** The words to remember, and their bytes in all: some tens of megabytes at most. */
    private static final int MAX_WORDS = 1 << 17;

    private static final int MAX_WORD_BYTES = 1 << 23;

    private final InputRoots roots;
    private final Text word = new Text();
    private final Set<Text> seen = new HashSet<>();
    private int seenBytes;
    private String path = "";
    private Text file = new Text();

    IndexMapper(InputRoots roots) {
        this.roots = roots;
    }

    @Override
    public void map(Text line, Emitter<Text, Text> out) {
        String current = out.context().inputPath();
        if (!current.equals(path)) {
            path = current;
            file = Text.of(roots.relative(current));
            forget();
        }
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
            word.set(bytes, start, position - start);
            if (!seen.contains(word)) {
                remember();
                out.emit(word, file);
            }
        }
    }

    private void remember() {
        if (seen.size() == MAX_WORDS || seenBytes > MAX_WORD_BYTES) {
            forget();
        }
        seen.add(word.copy());
        seenBytes += word.length();
    }

    private void forget() {
        seen.clear();
        seenBytes = 0;
    }

    private static boolean isSeparator(byte value) {
        return value <= ' ' && (value == ' ' || value == '\t' || value == '\n');
    }
}
