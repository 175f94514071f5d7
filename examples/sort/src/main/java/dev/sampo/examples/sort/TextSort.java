package dev.sampo.examples.sort;

import dev.sampo.api.Emitter;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducer;
import dev.sampo.api.Values;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.OutputSink;

/**
 * Sorts lines by their bytes, as {@code LC_ALL=C sort} does; a line that occurs often stays as often.
 *
 * <p>The line is the key and its own whole content; ranges of keys, found by a sample, make the parts sorted as a whole
 * when they are read in name order.
 */
public final class TextSort {
    private TextSort() {}

    /**
     * Describes the job.
     *
     * @param input the lines
     * @param output takes each line as a key (the value is empty)
     * @param partitions how many parts to write, or 0 to choose by the size of the input
     */
    public static JobSpec<Text, Text> job(
            InputSource<Text> input, OutputSink<? super Text, ? super Text> output, int partitions) {
        var lines = JobSpec.named("sort")
                .read(input)
                .map(Codecs.TEXT, Codecs.TEXT, new LineMapper())
                .partitionByRange();
        if (partitions > 0) {
            lines.partitions(partitions);
        }
        return lines.reduce(Codecs.TEXT, Codecs.TEXT, new LineReducer()).writeTo(output);
    }

    /** Emits the line as a key. */
    private static final class LineMapper implements Mapper<Text, Text, Text> {
        private static final long serialVersionUID = 1;

        private final Text nothing = new Text();

        @Override
        public void map(Text line, Emitter<Text, Text> out) {
            out.emit(line, nothing);
        }
    }

    /** Emits the line as often as it came. */
    private static final class LineReducer implements Reducer<Text, Text, Text, Text> {
        private static final long serialVersionUID = 1;

        @Override
        public void reduce(Text line, Values<Text> occurrences, Emitter<Text, Text> out) {
            for (Text nothing : occurrences) {
                out.emit(line, nothing);
            }
        }
    }
}
