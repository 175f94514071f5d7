package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.transfer.Content;
import dev.sampo.internal.transfer.ContentSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves one partition of many outputs of this node as one stream, in the order asked for, bytes as they are stored. The
 * checksums of their blocks travel with them and are verified when the reader merges them.
 */
public final class SegmentSource implements ContentSource {
    /** The kind on the data port. */
    public static final String KIND = "segment";

    private final Function<AttemptId, @Nullable MapOutput> outputs;

    /**
     * Creates a source.
     *
     * @param outputs finds what the node holds, or returns null
     */
    public SegmentSource(Function<AttemptId, @Nullable MapOutput> outputs) {
        this.outputs = outputs;
    }

    @Override
    public Content find(String name) {
        SegmentNames.Batch batch = SegmentNames.parseBatch(name);
        List<Content.Piece> pieces = new ArrayList<>(2 * batch.producers().size());
        for (AttemptId producer : batch.producers()) {
            MapOutput output = outputs.apply(producer);
            if (output == null) {
                refuse(pieces, "this node does not hold the output of " + producer);
            } else if (batch.partition() < 0 || batch.partition() >= output.partitions()) {
                refuse(
                        pieces,
                        "output of " + producer + " has " + output.partitions() + " partitions; asked for "
                                + batch.partition());
            } else {
                pieces.add(new Content.Memory(
                        SegmentHeader.of(output, batch.partition()).encode()));
                pieces.add(stored(
                        output,
                        output.index().offset(batch.partition()),
                        output.index().length(batch.partition())));
            }
        }
        return Content.of(pieces);
    }

    private static void refuse(List<Content.Piece> pieces, String why) {
        pieces.add(new Content.Memory(SegmentHeader.refusal(why)));
    }

    /** Returns a range of the bytes of an output. */
    static Content.Piece stored(MapOutput output, long offset, long length) {
        byte[] memory = output.memory();
        if (memory != null) {
            return new Content.Memory(ByteBuffer.wrap(memory, (int) offset, (int) length));
        }
        return new Content.FilePart(
                Objects.requireNonNull(output.file(), "an output is in memory or in a file"), offset, length);
    }
}
