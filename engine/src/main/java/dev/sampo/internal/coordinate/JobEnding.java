package dev.sampo.internal.coordinate;

import dev.sampo.api.OutputPart;
import dev.sampo.internal.blob.ResultStore;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.schedule.Decision;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The end of a job: those who wait for it hear of it when nothing of the job is left on any node, or the nodes have had
 * their time. Owned by the job coordinator.
 */
final class JobEnding {
    private final JobId job;
    private final ResultStore results;
    private final Set<NodeId> cleaning = new HashSet<>();
    private boolean cleanedUp;
    private ClientProtocol.@Nullable Wire end;
    private boolean told;

    JobEnding(JobId job, ResultStore results) {
        this.job = job;
        this.results = results;
    }

    /** These nodes have been told to clean up. */
    void clean(Set<NodeId> nodes) {
        cleaning.addAll(nodes);
        cleanedUp = cleaning.isEmpty();
    }

    /** The job has ended with this decision; the seed keeps the parts of its result that count, if it holds any. */
    void end(Decision decision, ClientProtocol.Wire message) {
        end = message;
        if (decision instanceof Decision.JobSucceeded succeeded) {
            results.keep(job, succeeded.parts().stream().map(OutputPart::sha256).toList());
        } else {
            results.forget(job);
        }
    }

    /** Nothing of the job is left on a node, or the node is gone. */
    void cleaned(NodeId node) {
        if (cleaning.remove(node) && cleaning.isEmpty()) {
            cleanedUp = true;
        }
    }

    /** The time of the nodes is over. Returns those that have not answered. */
    Set<NodeId> giveUp() {
        cleanedUp = true;
        return Set.copyOf(cleaning);
    }

    /** Returns what is to be told of the end, once. */
    Optional<ClientProtocol.Wire> due() {
        if (end == null || !cleanedUp || told) {
            return Optional.empty();
        }
        told = true;
        return Optional.of(end);
    }

    /** Returns whether the end has been told. */
    boolean isTold() {
        return told;
    }
}
