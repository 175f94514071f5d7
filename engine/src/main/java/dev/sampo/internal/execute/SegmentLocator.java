package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.model.ShuffleInputs;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.shuffle.MapOutput;
import dev.sampo.internal.shuffle.Segment;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the segments a reduce attempt reads, in the order of the tasks that made them. What this node holds is read in
 * place; the rest is fetched from its holder.
 */
final class SegmentLocator {
    private final AttemptScope scope;
    private final ShuffleInputs inputs;

    SegmentLocator(AttemptScope scope, ShuffleInputs inputs) {
        this.scope = scope;
        this.inputs = inputs;
    }

    List<Segment> segments(int partition) throws Exception {
        List<Segment> segments = new ArrayList<>(inputs.attempts().size());
        for (int task = 0; task < inputs.attempts().size(); task++) {
            scope.checkCanceled();
            AttemptId producer = new AttemptId(
                    new TaskId(scope.attempt().task().job(), inputs.stage(), task),
                    inputs.attempts().get(task));
            SegmentHolder holder = inputs.nodes().get(inputs.holders().get(task));
            segments.add(segment(producer, holder, partition));
        }
        return segments;
    }

    private Segment segment(AttemptId producer, SegmentHolder holder, int partition) {
        MapOutput here = scope.node().segments().find(producer);
        if (here != null) {
            return new ProducedSegment(producer, here.segment(partition));
        }
        try {
            return new ProducedSegment(producer, scope.node().fetcher().fetch(holder, producer, partition));
        } catch (IOException e) {
            throw new FetchFailedException(
                    producer,
                    new SampoException(
                            ErrorCode.FETCH_FAILED,
                            "output of " + producer + " for partition " + partition + " on node " + holder.node()
                                    + " could not be fetched: " + e.getMessage(),
                            e));
        }
    }
}
