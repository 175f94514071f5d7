package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The jobs of which nodes hold outputs and that the coordinator does not know: those of an earlier reign. A submitter may
 * submit them again, so that they are kept for a while, but not for ever.
 */
final class HeldJobs {
    private final Duration forgetAfter;
    private final Map<JobId, Long> unknownSince = new HashMap<>();

    HeldJobs(Duration forgetAfter) {
        this.forgetAfter = forgetAfter;
    }

    /**
     * Returns what a node need not hold any longer.
     *
     * @param held the jobs of which it holds outputs
     * @param running whether a job is one of this reign
     * @param now nanoseconds of a monotonic clock
     */
    List<JobId> toForget(Collection<JobId> held, Predicate<JobId> running, long now) {
        List<JobId> forget = new ArrayList<>();
        for (JobId job : held) {
            if (running.test(job)) {
                unknownSince.remove(job);
            } else if (now - unknownSince.computeIfAbsent(job, id -> now) >= forgetAfter.toNanos()) {
                forget.add(job);
            }
        }
        return forget;
    }
}
