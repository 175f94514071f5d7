package dev.sampo.io;

import dev.sampo.spi.RecordWriter;
import java.io.IOException;

/** Writes the lines of {@link TextOutput}. */
final class TextWriter implements RecordWriter<Object, Object> {
    private final BatchedOutput out;
    private final TextOutput.Columns columns;

    TextWriter(BatchedOutput out, TextOutput.Columns columns) {
        this.out = out;
        this.columns = columns;
    }

    @Override
    public void write(Object key, Object value) throws IOException {
        if (columns != TextOutput.Columns.VALUE) {
            write(key);
        }
        if (columns == TextOutput.Columns.KEY_AND_VALUE) {
            out.writeByte('\t');
        }
        if (columns != TextOutput.Columns.KEY) {
            write(value);
        }
        out.writeByte('\n');
    }

    private void write(Object field) throws IOException {
        if (field instanceof Text text) {
            out.write(text.array(), text.offset(), text.length());
        } else if (field instanceof byte[] bytes) {
            out.write(bytes, 0, bytes.length);
        } else {
            out.writeUtf8(field.toString());
        }
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
