package dev.sampo.internal.execute;

import dev.sampo.api.OutputPart;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.protocol.TaskProtocol.ListedSplit;
import java.util.List;

/** What the work of an attempt that succeeded left behind. */
sealed interface Outcome {
    /** The output is claimed, the splits are listed. */
    record Planned(List<ListedSplit> splits) implements Outcome {}

    /** Keys of a sample. */
    record Sampled(List<byte[]> keys) implements Outcome {}

    /** The node's segment store holds the output, of so many bytes, which took so long to make. */
    record Held(TaskCounters counters, long bytes, long nanos) implements Outcome {}

    /** A part is written under its private name, and waits for the commit to be granted. */
    record Written(PartFile part, TaskCounters counters) implements Outcome {}

    /** The result of the job is visible. */
    record Committed(List<OutputPart> parts) implements Outcome {}
}
