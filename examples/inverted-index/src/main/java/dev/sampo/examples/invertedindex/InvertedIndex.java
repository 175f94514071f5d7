package dev.sampo.examples.invertedindex;

import dev.sampo.api.JobSpec;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.OutputSink;
import java.util.List;

/**
 * Lists for each word the files that hold it.
 *
 * <pre>
 * input   a.txt: to be
 *         b.txt: not to be
 * output  be	a.txt,b.txt
 *         not	b.txt
 *         to	a.txt,b.txt
 * </pre>
 *
 * <p>Words are those of word-count. Files are named by their paths relative to the input's root, ascending in the order
 * of their bytes, each once.
 */
public final class InvertedIndex {
    private InvertedIndex() {}

    /**
     * Describes the job.
     *
     * @param paths the paths and glob patterns that {@code input} reads, from which the roots are found
     * @param input the lines
     * @param output takes each word with the list of its files
     * @param partitions how many parts to write, or 0 to choose by the size of the input
     */
    public static JobSpec<Text, Text> job(
            List<String> paths,
            InputSource<Text> input,
            OutputSink<? super Text, ? super Text> output,
            int partitions) {
        var words = JobSpec.named("inverted-index")
                .read(input)
                .map(Codecs.TEXT, Codecs.TEXT, new IndexMapper(InputRoots.of(paths)))
                .sortValuesBy(Codecs.TEXT, file -> file);
        if (partitions > 0) {
            words.partitions(partitions);
        }
        return words.reduce(Codecs.TEXT, Codecs.TEXT, new IndexReducer()).writeTo(output);
    }
}
