package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes that leave, and which jobs still have something to do with them. Owned by the cluster coordinator. */
final class Departures {
    private final Map<NodeId, Set<JobId>> waitingFor = new HashMap<>();

    /** A node begins to leave, and these jobs are told. */
    void begin(NodeId node, Collection<JobId> jobs) {
        waitingFor.put(node, new HashSet<>(jobs));
    }

    /** A job has nothing left to do with a node. */
    void emptied(NodeId node, JobId job) {
        Set<JobId> jobs = waitingFor.get(node);
        if (jobs != null) {
            jobs.remove(job);
        }
    }

    /** A job has ended, and with it all that it had anywhere. */
    void ended(JobId job) {
        waitingFor.values().forEach(jobs -> jobs.remove(job));
    }

    /** Returns the leaving nodes that no job needs any more. */
    List<NodeId> done() {
        return waitingFor.keySet().stream()
                .filter(node -> waitingFor.getOrDefault(node, Set.of()).isEmpty())
                .toList();
    }

    /** Forgets a node that is gone. */
    void gone(NodeId node) {
        waitingFor.remove(node);
    }
}
