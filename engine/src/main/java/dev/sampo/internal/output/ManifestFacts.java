package dev.sampo.internal.output;

import java.util.List;
import java.util.Map;

/**
 * What the manifest tells besides the parts.
 *
 * @param jobName what people call the job
 * @param engineVersion the version of this engine
 * @param started when the job was accepted, ISO 8601 in UTC
 * @param ended when its commit began, ISO 8601 in UTC
 * @param stages what its stages did, in order
 * @param userCounters the counters of the job's functions, by name
 */
public record ManifestFacts(
        String jobName,
        String engineVersion,
        String started,
        String ended,
        List<ManifestStage> stages,
        Map<String, Long> userCounters) {
    /** Copies the components. */
    public ManifestFacts {
        stages = List.copyOf(stages);
        userCounters = Map.copyOf(userCounters);
    }
}
