package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.plan.PlannedSplit;
import dev.sampo.internal.protocol.TaskProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the pages of a plan together, whatever their order. A page that is lost costs the attempt. Owned by one actor. */
final class PlanCollector {
    private final TreeMap<Integer, List<TaskProtocol.ListedSplit>> pages = new TreeMap<>();
    private @Nullable AttemptId attempt;

    /** Takes a page. Returns all splits when it is the last that was missing. */
    Optional<List<PlannedSplit>> add(TaskProtocol.PlanReady page) {
        if (!page.attempt().equals(attempt)) {
            pages.clear();
            attempt = page.attempt();
        }
        pages.put(page.first(), page.splits());
        int known = pages.values().stream().mapToInt(List::size).sum();
        if (known < page.total()) {
            return Optional.empty();
        }
        List<PlannedSplit> all = new ArrayList<>(known);
        for (List<TaskProtocol.ListedSplit> splits : pages.values()) {
            splits.forEach(listed -> all.add(new PlannedSplit(listed.input(), listed.split())));
        }
        pages.clear();
        attempt = null;
        return Optional.of(all);
    }
}
