package dev.sampo.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every node program takes; each is a setting, and goes over that of a file. */
public final class NodeOptions {
    /** The setting that names the seeds. */
    public static final String SEEDS = "sampo.cluster.seeds";

    @Option(names = "--host", paramLabel = "HOST", description = "Address to bind to and be known by.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Port for control messages; 0 takes a free one.")
    private @Nullable Integer port;

    @Option(
            names = "--seed",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "The seeds of the cluster, the same for every node; one, or three or more.")
    private List<String> seeds = List.of();

    @Option(names = "--data", paramLabel = "DIR", description = "Where the node keeps its files.")
    private @Nullable Path data;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings in HOCON; options go over them.")
    private @Nullable Path config;

    @Option(
            names = "--join-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long joining may take (${DEFAULT-VALUE} s).")
    private int joinTimeoutSeconds;

    /** Made by picocli. */
    public NodeOptions() {}

    /** Returns the settings that the options stand for, by path. */
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        put(settings, "sampo.cluster.host", host);
        put(settings, "sampo.cluster.port", port);
        put(settings, SEEDS, seeds.isEmpty() ? null : seeds);
        put(settings, "sampo.data-dir", data == null ? null : data.toString());
        return settings;
    }

    /** Returns the file with more settings, or null. */
    public @Nullable Path file() {
        return config;
    }

    /** Returns how long joining may take. */
    public Duration joinLimit() {
        return Duration.ofSeconds(joinTimeoutSeconds);
    }

    /** Puts a setting that was given. */
    public static void put(Map<String, Object> settings, String path, @Nullable Object value) {
        if (value != null) {
            settings.put(path, value);
        }
    }
}
