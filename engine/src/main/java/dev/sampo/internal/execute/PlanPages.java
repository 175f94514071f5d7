package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.protocol.MessageSizes;
import dev.sampo.internal.protocol.TaskProtocol.ListedSplit;
import dev.sampo.internal.protocol.TaskProtocol.PlanReady;
import java.util.ArrayList;
import java.util.List;

/** Cuts the splits of a job into messages that stay well below the largest frame, 4 MiB, but for a split larger than that. */
final class PlanPages {
    private PlanPages() {}

    /** Returns the messages, at least one. */
    static List<PlanReady> of(CoordinatorEpoch epoch, AttemptId attempt, List<ListedSplit> splits) {
        List<PlanReady> pages = new ArrayList<>();
        int first = 0;
        long bytes = 0;
        for (int at = 0; at < splits.size(); at++) {
            long size = MessageSizes.bytesOf(splits.get(at).split());
            if (at > first && bytes + size > MessageSizes.LIST_BYTES) {
                pages.add(new PlanReady(epoch, attempt, List.copyOf(splits.subList(first, at)), first, splits.size()));
                first = at;
                bytes = 0;
            }
            bytes += size;
        }
        pages.add(
                new PlanReady(epoch, attempt, List.copyOf(splits.subList(first, splits.size())), first, splits.size()));
        return pages;
    }
}
