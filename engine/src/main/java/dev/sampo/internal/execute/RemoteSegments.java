package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.shuffle.Segment;
import dev.sampo.internal.shuffle.SegmentFetcher.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Reads segments that other nodes hold. Safe for many threads. */
public interface RemoteSegments {
    /**
     * Returns segments of other nodes, in the order asked for. Blocks until the nodes have sent them.
     *
     * @throws dev.sampo.internal.shuffle.SegmentFetchException when one of the nodes cannot be reached or does not have
     *     what it should; says whose output that is
     * @throws IOException when the thread was interrupted
     */
    List<Segment> fetch(List<Wanted> wanted) throws IOException;

    /**
     * Opens a whole output of another node, as {@link dev.sampo.internal.shuffle.SegmentStore#adopt} reads it.
     *
     * @throws IOException when the node cannot be reached or does not have it
     */
    default InputStream output(SegmentHolder holder, AttemptId producer) throws IOException {
        throw new IOException("outputs of other nodes are out of reach; asked for that of " + producer);
    }
}
