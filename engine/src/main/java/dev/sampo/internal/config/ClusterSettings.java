package dev.sampo.internal.config;

import java.util.Arrays;
import java.util.List;

/**
 * Where a node is in a cluster. An embedded engine reads none of this.
 *
 * @param name the name of the cluster; nodes of another name do not join
 * @param host the address the node binds to and is known by
 * @param port the port for control messages; 0 for one the system chooses
 * @param dataPort the port for segments, blobs and parts of results; 0 for one the system chooses
 * @param work whether a member that submits also runs attempts
 * @param seeds the seeds to join, each as {@code host:port}; empty for a first seed, which joins itself
 * @param downing when seeds take a member out
 * @param rejoin what a node does that lost the cluster
 */
public record ClusterSettings(
        String name,
        String host,
        int port,
        int dataPort,
        boolean work,
        List<String> seeds,
        DowningSettings downing,
        RejoinSettings rejoin) {
    /** Copies the list. */
    public ClusterSettings {
        seeds = List.copyOf(seeds);
    }

    static ClusterSettings from(ConfigReader reader) {
        return new ClusterSettings(
                reader.string("name"),
                reader.string("host"),
                reader.integer("port", 0, 65_535),
                reader.integer("data-port", 0, 65_535),
                reader.bool("work"),
                Arrays.stream(reader.string("seeds").split(","))
                        .map(String::strip)
                        .filter(seed -> !seed.isEmpty() && !seed.equals("none"))
                        .toList(),
                DowningSettings.from(reader.section("downing")),
                RejoinSettings.from(reader.section("rejoin")));
    }
}
