package dev.sampo.examples.invertedindex;

import dev.sampo.api.Emitter;
import dev.sampo.api.Reducer;
import dev.sampo.api.Values;
import dev.sampo.io.Text;
import dev.sampo.spi.ByteWriter;
import java.util.Arrays;

/** Joins the files of a word, which come sorted, by commas; each once. Holds one line of the output. */
final class IndexReducer implements Reducer<Text, Text, Text, Text> {
    private static final long serialVersionUID = 1;

    private final Text list = new Text();

    @Override
    public void reduce(Text word, Values<Text> files, Emitter<Text, Text> out) {
        ByteWriter line = new ByteWriter();
        int last = 0;
        for (Text file : files) {
            if (line.length() > 0) {
                if (isSame(file, line, last)) {
                    continue;
                }
                line.writeByte(',');
                last = line.length();
            }
            line.write(file.array(), file.offset(), file.length());
        }
        out.emit(word, list.set(line.array(), 0, line.length()));
    }

    private static boolean isSame(Text file, ByteWriter line, int from) {
        return Arrays.equals(
                file.array(), file.offset(), file.offset() + file.length(), line.array(), from, line.length());
    }
}
