package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.transfer.Content;
import dev.sampo.internal.transfer.ContentSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves whole outputs of this node, for a node that takes them over: {@link SegmentStore#adopt} reads what this sends.
 * The name of an output is {@link #name}.
 */
public final class OutputSource implements ContentSource {
    /** The kind on the data port. */
    public static final String KIND = "output";

    private final Function<AttemptId, @Nullable MapOutput> outputs;

    /**
     * Creates a source.
     *
     * @param outputs finds what the node holds, or returns null
     */
    public OutputSource(Function<AttemptId, @Nullable MapOutput> outputs) {
        this.outputs = outputs;
    }

    /** Returns what the output of an attempt is called. */
    public static String name(AttemptId producer) {
        return SegmentNames.output(producer);
    }

    @Override
    public @Nullable Content find(String name) {
        MapOutput output = outputs.apply(SegmentNames.parseOutput(name));
        if (output == null) {
            return null;
        }
        return Content.of(List.of(
                new Content.Memory(MovedOutput.header(output)),
                SegmentSource.stored(output, 0, output.index().storedBytes())));
    }
}
