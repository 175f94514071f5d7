package dev.sampo.examples.join;

import dev.sampo.api.JobSpec;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.OutputSink;

/**
 * Joins the lines {@code key<TAB>value} of two inputs: an inner join, all pairs.
 *
 * <pre>
 * left    1	Ilmarinen      right   1	smith
 *         2	Louhi                  1	brother
 * output  1	Ilmarinen	smith
 *         1	Ilmarinen	brother
 * </pre>
 *
 * <p>Both inputs meet in one shuffle; each value carries the side it is from, and a secondary sort brings the right side
 * of a key before the left. So the reducer holds the right values of one key in memory and streams the left ones: put
 * the input with fewer values per key on the right. Within a key the output has the order of the left lines, and for
 * each of them that of the right lines.
 */
public final class Join {
    private Join() {}

    /**
     * Describes the job.
     *
     * @param left the left lines
     * @param right the right lines
     * @param output takes each key with {@code left<TAB>right}
     * @param partitions how many parts to write, or 0 to choose by the size of the input
     */
    public static JobSpec<Text, Text> job(
            InputSource<Text> left,
            InputSource<Text> right,
            OutputSink<? super Text, ? super Text> output,
            int partitions) {
        var sides = JobSpec.named("join")
                .read(left)
                .map(Codecs.TEXT, Codecs.TEXT, new SideMapper(SideMapper.LEFT))
                .alsoRead(right, new SideMapper(SideMapper.RIGHT))
                .sortValuesBy(Codecs.INT, value -> (int) value.at(0));
        if (partitions > 0) {
            sides.partitions(partitions);
        }
        return sides.reduce(Codecs.TEXT, Codecs.TEXT, new PairReducer()).writeTo(output);
    }
}
