package dev.sampo.examples.sort;

import dev.sampo.api.Emitter;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.OutputSink;

/**
 * Sorts records of {@value #RECORD_BYTES} bytes by the unsigned bytes of their first {@value #KEY_BYTES}: the records of
 * the Sort Benchmark (sortbenchmark.org). Records with equal keys stay in the order of the input.
 */
public final class RecordSort {
    /** The length of a record. */
    public static final int RECORD_BYTES = 100;

    /** The length of the key at the head of a record. */
    public static final int KEY_BYTES = 10;

    private RecordSort() {}

    /**
     * Describes the job.
     *
     * @param input the records, each of {@value #RECORD_BYTES} bytes
     * @param output takes the key and the rest of each record
     * @param partitions how many parts to write, or 0 to choose by the size of the input
     */
    public static JobSpec<Text, Text> job(
            InputSource<Text> input, OutputSink<? super Text, ? super Text> output, int partitions) {
        var records = JobSpec.named("sort")
                .read(input)
                .map(Codecs.TEXT, Codecs.TEXT, new RecordMapper())
                .partitionByRange();
        if (partitions > 0) {
            records.partitions(partitions);
        }
        return records.reduce(Codecs.TEXT, Codecs.TEXT, Reducers.identity()).writeTo(output);
    }

    /** Cuts a record into its key and the rest. */
    private static final class RecordMapper implements Mapper<Text, Text, Text> {
        private static final long serialVersionUID = 1;

        private final Text key = new Text();
        private final Text rest = new Text();

        @Override
        public void map(Text record, Emitter<Text, Text> out) {
            byte[] bytes = record.array();
            int offset = record.offset();
            key.set(bytes, offset, KEY_BYTES);
            rest.set(bytes, offset + KEY_BYTES, record.length() - KEY_BYTES);
            out.emit(key, rest);
        }
    }
}
