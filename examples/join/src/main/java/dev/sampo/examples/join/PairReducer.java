package dev.sampo.examples.join;

import dev.sampo.api.Emitter;
import dev.sampo.api.Reducer;
import dev.sampo.api.Values;
import dev.sampo.io.Text;
import dev.sampo.spi.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/** Pairs every left value of a key with every right one. Holds the right values of one key. */
final class PairReducer implements Reducer<Text, Text, Text, Text> {
    private static final long serialVersionUID = 1;

    private final Text pair = new Text();

    @Override
    public void reduce(Text key, Values<Text> values, Emitter<Text, Text> out) {
        List<Text> rights = new ArrayList<>();
        ByteWriter writer = new ByteWriter();
        for (Text value : values) {
            if (value.at(0) == SideMapper.RIGHT) {
                rights.add(value.copy());
                continue;
            }
            if (rights.isEmpty()) {
                return;
            }
            writer.clear();
            appendValue(value, writer);
            writer.writeByte('\t');
            int leftBytes = writer.length();
            for (Text right : rights) {
                writer.truncate(leftBytes);
                appendValue(right, writer);
                out.emit(key, pair.set(writer.array(), 0, writer.length()));
            }
        }
    }

    private static void appendValue(Text sideAndValue, ByteWriter writer) {
        writer.write(sideAndValue.array(), sideAndValue.offset() + 1, sideAndValue.length() - 1);
    }
}
