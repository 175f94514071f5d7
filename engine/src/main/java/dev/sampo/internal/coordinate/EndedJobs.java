package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How the last jobs ended, so that a submit repeated late is answered and not run again. */
final class EndedJobs {
    private final int remembered;
    private final Map<JobId, Ended> ends = new LinkedHashMap<>();

    EndedJobs(int remembered) {
        this.remembered = remembered;
    }

    /**
     * A job that has ended.
     *
     * @param end what its watchers were told
     * @param fingerprint tells it from another job of the same id
     */
    record Ended(ClientProtocol.Wire end, String fingerprint) {}

    void add(JobId job, Ended end) {
        ends.put(job, end);
        if (ends.size() > remembered) {
            ends.remove(ends.keySet().iterator().next());
        }
    }

    Optional<Ended> of(JobId job) {
        return Optional.ofNullable(ends.get(job));
    }
}
