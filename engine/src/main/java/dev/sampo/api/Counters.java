package dev.sampo.api;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A snapshot of a job's counters. Exact under retries: of each task only the committed attempt counts.
 *
 * @param stages those of the engine, in the order of the stages
 * @param user those of the job's functions, by name
 */
public record Counters(List<StageCounters> stages, SortedMap<String, Long> user) {
    /** Copies the components. */
    public Counters {
        stages = List.copyOf(stages);
        user = Collections.unmodifiableSortedMap(new TreeMap<String, Long>((Map<String, Long>) user));
    }

    /** Returns the user counter of this name; 0 when nothing was ever added to it. */
    public long get(String name) {
        return user.getOrDefault(name, 0L);
    }

    /**
     * Returns the counters of the stage of this name.
     *
     * @throws IllegalArgumentException when there is no such stage
     */
    public StageCounters stage(String name) {
        return stages.stream()
                .filter(stage -> stage.stage().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("stage " + name + "; expected one of "
                        + stages.stream().map(StageCounters::stage).toList()));
    }
}
