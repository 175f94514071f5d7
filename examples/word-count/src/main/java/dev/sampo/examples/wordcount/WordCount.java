package dev.sampo.examples.wordcount;

import dev.sampo.api.Combiners;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.OutputSink;

/**
 * Counts how often each word occurs.
 *
 * <pre>
 * input   to be or
 *         not to be
 * output  be	2
 *         not	1
 *         or	1
 *         to	2
 * </pre>
 *
 * <p>The combiner adds up the ones while they wait for the shuffle, so what travels is one count per word and map task.
 * Within a part the words ascend in the order of their bytes.
 */
public final class WordCount {
    private WordCount() {}

    /**
     * Describes the job.
     *
     * @param input the lines
     * @param output takes each word with its count
     * @param partitions how many parts to write, or 0 to choose by the size of the input
     */
    public static JobSpec<Text, Long> job(
            InputSource<Text> input, OutputSink<? super Text, ? super Long> output, int partitions) {
        var words = JobSpec.named("word-count")
                .read(input)
                .map(Codecs.TEXT, Codecs.LONG, new WordMapper())
                .combine(Combiners.sumLong());
        if (partitions > 0) {
            words.partitions(partitions);
        }
        return words.reduce(Codecs.TEXT, Codecs.LONG, Reducers.sumLong()).writeTo(output);
    }
}
