package dev.sampo.examples.topn;

import dev.sampo.api.Combiners;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducers;
import dev.sampo.examples.wordcount.WordMapper;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.OutputSink;

/**
 * Finds the most frequent words: a job of two shuffles with no files between them.
 *
 * <pre>
 * n       2
 * input   to be or
 *         not to be
 * output  be	2
 *         to	2
 * </pre>
 *
 * <p>The first shuffle counts the words. Each of its reduce tasks hands on only the best n of its own words, so the
 * second shuffle is small and one partition will do. Its key is the rank itself: count descending, then the word
 * ascending in the order of its bytes.
 */
public final class TopN {
    private TopN() {}

    /**
     * Describes the job.
     *
     * @param n how many words, at least 1
     * @param input the lines
     * @param output takes each of the best words with its count, the most frequent first
     * @param partitions how many tasks count, or 0 to choose by the size of the input; there is always one part
     * @throws IllegalArgumentException when {@code n} is less than 1
     */
    public static JobSpec<Text, Long> job(
            int n, InputSource<Text> input, OutputSink<? super Text, ? super Long> output, int partitions) {
        if (n < 1) {
            throw new IllegalArgumentException("n: " + n + "; expected at least 1");
        }
        var words = JobSpec.named("top-n")
                .read(input)
                .map(Codecs.TEXT, Codecs.LONG, new WordMapper())
                .combine(Combiners.sumLong());
        if (partitions > 0) {
            words.partitions(partitions);
        }
        return words.reduce(Codecs.TEXT, Codecs.LONG, Reducers.sumLong())
                .map(Codecs.pairKey(Codecs.LONG, Codecs.TEXT), Codecs.BOOLEAN, new BestMapper(n))
                .partitions(1)
                .<Text, Long>reduce(Codecs.TEXT, Codecs.LONG, new FirstReducer(n))
                .writeTo(output);
    }

    /** Returns the key of the second shuffle: negated, so that larger counts come first. */
    static Pair<Long, Text> rank(Text word, long count) {
        return Pair.of(-count, word);
    }
}
