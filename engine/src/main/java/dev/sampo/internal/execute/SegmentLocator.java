package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.model.ShuffleInputs;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.shuffle.MapOutput;
import dev.sampo.internal.shuffle.Segment;
import dev.sampo.internal.shuffle.SegmentFetchException;
import dev.sampo.internal.shuffle.SegmentFetcher.Wanted;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the segments a reduce attempt reads, in the order of the tasks that made them. What this node holds is read in
 * place; the rest is fetched from its holders, all at once.
 */
final class SegmentLocator {
    private final AttemptScope scope;
    private final ShuffleInputs inputs;

    SegmentLocator(AttemptScope scope, ShuffleInputs inputs) {
        this.scope = scope;
        this.inputs = inputs;
    }

    List<Segment> segments(int partition) throws Exception {
        scope.checkCanceled();
        int tasks = inputs.attempts().size();
        List<@Nullable MapOutput> here = new ArrayList<>(tasks);
        List<Wanted> missing = new ArrayList<>();
        for (int task = 0; task < tasks; task++) {
            AttemptId producer = producer(task);
            MapOutput output = scope.node().segments().find(producer);
            here.add(output);
            if (output == null) {
                SegmentHolder holder = inputs.nodes().get(inputs.holders().get(task));
                missing.add(new Wanted(holder, producer, partition));
            }
        }
        Iterator<Segment> fetched = fetch(missing).iterator();
        List<Segment> segments = new ArrayList<>(tasks);
        long local = 0;
        long remote = 0;
        for (int task = 0; task < tasks; task++) {
            MapOutput output = here.get(task);
            Segment segment = output == null ? fetched.next() : output.segment(partition);
            if (output == null) {
                remote += segment.storedBytes();
            } else {
                local += segment.storedBytes();
            }
            segments.add(new ProducedSegment(producer(task), segment));
        }
        scope.node().meters().segmentsFound(local, remote);
        return segments;
    }

    private AttemptId producer(int task) {
        return new AttemptId(
                new TaskId(scope.attempt().task().job(), inputs.stage(), task),
                inputs.attempts().get(task));
    }

    private List<Segment> fetch(List<Wanted> missing) throws Exception {
        if (missing.isEmpty()) {
            return List.of();
        }
        try {
            return scope.node().fetcher().fetch(missing);
        } catch (SegmentFetchException e) {
            throw new FetchFailedException(
                    e.producer(),
                    new SampoException(ErrorCode.FETCH_FAILED, "could not be fetched: " + e.getMessage(), e));
        }
    }
}
