package dev.sampo.internal.coordinate;

import dev.sampo.internal.config.QueueSettings;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.spi.ErrorCode;
import java.util.Optional;
import java.util.TreeSet;

/** Says which jobs the cluster does not take, and why. */
final class Admission {
    private final QueueSettings queues;

    Admission(QueueSettings queues) {
        this.queues = queues;
    }

    /** Returns what the submitter of a job that is not taken is told; empty when it is. */
    Optional<ClientProtocol.Wire> refusal(JobId job, JobOutline outline, int jobsNow) {
        if (!queues.weights().containsKey(outline.queue())) {
            return refuse(
                    job,
                    ErrorCode.QUEUE_UNKNOWN,
                    "queue " + outline.queue() + " is not known; expected one of "
                            + String.join(", ", new TreeSet<>(queues.weights().keySet())));
        }
        if (jobsNow >= queues.maxQueuedJobs()) {
            return refuse(
                    job,
                    ErrorCode.QUEUE_FULL,
                    jobsNow + " jobs wait or run; expected fewer than " + queues.maxQueuedJobs()
                            + " (sampo.queues.max-queued-jobs): submit it again when one has ended");
        }
        return Optional.empty();
    }

    private static Optional<ClientProtocol.Wire> refuse(JobId job, ErrorCode code, String message) {
        return Optional.of(new ClientProtocol.JobRefused(job, code, message));
    }
}
