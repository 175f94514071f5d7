package dev.sampo.internal.schedule;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Grants the commit of a task to one attempt and never to another: whichever is granted first keeps it. A part that was
 * granted is durable before it asks, so a grant outlives its node.
 */
final class CommitArbiter {
    private final TreeMap<TaskId, Grant> grants = new TreeMap<>();

    /**
     * Asks for the commit of an attempt's task.
     *
     * @return whether this attempt holds the grant now, also when it asked before
     */
    boolean request(AttemptId attempt, PartFile part) {
        Grant first = grants.putIfAbsent(attempt.task(), new Grant(attempt, part));
        return first == null || first.attempt().equals(attempt);
    }

    /** Returns the attempt that holds the grant of a task. */
    Optional<AttemptId> holder(TaskId task) {
        return Optional.ofNullable(grants.get(task)).map(Grant::attempt);
    }

    /** Returns the granted parts by task. */
    List<PartFile> parts() {
        List<PartFile> parts = new ArrayList<>(grants.size());
        grants.values().forEach(grant -> parts.add(grant.part()));
        return parts;
    }

    private record Grant(AttemptId attempt, PartFile part) {}
}
