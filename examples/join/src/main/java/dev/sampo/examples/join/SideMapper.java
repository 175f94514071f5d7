package dev.sampo.examples.join;

import dev.sampo.api.Emitter;
import dev.sampo.api.Mapper;
import dev.sampo.api.TaskContext;
import dev.sampo.io.Text;
import dev.sampo.spi.ByteWriter;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;

/** Cuts a line at its first tab, and puts one byte before the value that says which side it is from. */
final class SideMapper implements Mapper<Text, Text, Text> {
    /** The side that is held in memory; sorted first. */
    static final byte RIGHT = 0;

    /** The side that is streamed. */
    static final byte LEFT = 1;

    private static final long serialVersionUID = 1;

    private final byte side;
    private final Text key = new Text();
    private final Text value = new Text();

    /** Set by {@link #open}, before the first record. */
    @SuppressWarnings("NullAway.Init")
    private transient ByteWriter sideAndValue;

    SideMapper(byte side) {
        this.side = side;
    }

    @Override
    public void open(TaskContext context) {
        sideAndValue = new ByteWriter();
    }

    @Override
    public void map(Text line, Emitter<Text, Text> out) {
        int tab = line.indexOf('\t', 0);
        if (tab < 0) {
            throw new SampoException(
                    ErrorCode.INPUT_CORRUPT,
                    "line without a tab at " + out.context().inputPath() + ", offset "
                            + out.context().inputOffset() + "; expected key<TAB>value");
        }
        sideAndValue.clear();
        sideAndValue.writeByte(side);
        sideAndValue.write(line.array(), line.offset() + tab + 1, line.length() - tab - 1);
        line.slice(key, 0, tab);
        out.emit(key, value.set(sideAndValue.array(), 0, sideAndValue.length()));
    }
}
