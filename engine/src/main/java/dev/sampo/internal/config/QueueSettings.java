package dev.sampo.internal.config;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How jobs share the slots.
 *
 * @param maxQueuedJobs how many jobs may wait or run at once, at least 1; a further one is refused
 * @param weights the weight of each queue by its name, each more than 0
 */
public record QueueSettings(int maxQueuedJobs, Map<String, Double> weights) {
    private static final int MOST_JOBS = 1_000_000;
    private static final double LEAST_WEIGHT = 0.001;
    private static final double MOST_WEIGHT = 1_000_000;

    /** Copies the weights. */
    public QueueSettings {
        weights = Map.copyOf(weights);
    }

    static QueueSettings from(ConfigReader reader) {
        SortedMap<String, Double> weights = new TreeMap<>();
        for (String name : reader.sectionNames()) {
            weights.put(name, reader.section(name).decimal("weight", LEAST_WEIGHT, MOST_WEIGHT));
        }
        return new QueueSettings(reader.integer("max-queued-jobs", 1, MOST_JOBS), weights);
    }
}
