package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.shuffle.Segment;
import java.io.IOException;

/** Reads segments that another node holds. Safe for many threads. */
public interface RemoteSegments {
    /**
     * Returns a segment of another node's. May block until the holder answers.
     *
     * @throws IOException when the holder cannot be reached or does not have it; blames the producer
     */
    Segment fetch(SegmentHolder holder, AttemptId producer, int partition) throws IOException;
}
