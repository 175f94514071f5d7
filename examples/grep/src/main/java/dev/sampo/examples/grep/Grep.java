package dev.sampo.examples.grep;

import dev.sampo.api.JobSpec;
import dev.sampo.api.Partitioner;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.OutputSink;
import java.util.regex.PatternSyntaxException;

/**
 * Finds the lines in which a regular expression matches, in the order of the files and of the lines in them.
 *
 * <pre>
 * pattern  ^to
 * input    to be or
 *          not to be
 * output   to be or
 * </pre>
 *
 * <p>The order comes from the shuffle: the key of a line is the place of its map task in the input as a fraction, and
 * the partitioner cuts the fractions into equal ranges. Values of one key arrive in the order they were emitted, so the
 * parts, read in name order, hold the lines as the input does.
 */
public final class Grep {
    private Grep() {}

    /**
     * Describes the job.
     *
     * @param pattern the regular expression, as {@link LinePattern} understands it
     * @param input the lines, in their order
     * @param output takes each matching line as a value (the key means nothing to a reader)
     * @param partitions how many parts to write, or 0 to choose by the size of the input
     * @throws PatternSyntaxException when the pattern is malformed
     */
    public static JobSpec<Integer, Text> job(
            String pattern, InputSource<Text> input, OutputSink<? super Integer, ? super Text> output, int partitions) {
        Partitioner<Integer> inInputOrder = (place, count) -> (int) (((long) place * count) >> GrepMapper.PLACE_BITS);
        var matches = JobSpec.named("grep")
                .read(input)
                .map(Codecs.INT, Codecs.TEXT, new GrepMapper(LinePattern.compile(pattern)))
                .partitionBy(inInputOrder);
        if (partitions > 0) {
            matches.partitions(partitions);
        }
        return matches.reduce(Codecs.INT, Codecs.TEXT, Reducers.identity()).writeTo(output);
    }
}
