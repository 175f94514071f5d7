package dev.sampo.internal.config;

import com.typesafe.config.Config;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All settings of one engine.
 *
 * @param node what the node gives to attempts
 * @param input how inputs are cut and read
 * @param shuffle how map output is partitioned, spilled and merged
 * @param sample how much is read to choose ranges
 * @param output how results are committed
 * @param result how a seed holds results that go to no directory
 * @param task how long attempts may take and how often they may fail
 * @param queues how jobs share the slots
 * @param cluster where the node is in a cluster
 * @param security certificates, tokens and what may be done without them
 * @param ship how the code and the small data of jobs travel
 * @param http the HTTP server of a seed
 * @param rememberedJobs how many jobs that have ended the coordinator can tell of
 * @param client how a cluster is reached over HTTP
 * @param progressInterval how often progress is reported
 * @param drainTimeout how long a node that is told to leave may take to hand over what it runs and holds
 * @param warnings values that were changed to ones that can work, for the log
 */
public record EngineSettings(
        NodeSettings node,
        InputSettings input,
        ShuffleSettings shuffle,
        SampleSettings sample,
        OutputSettings output,
        ResultSettings result,
        TaskSettings task,
        QueueSettings queues,
        ClusterSettings cluster,
        SecuritySettings security,
        ShipSettings ship,
        HttpSettings http,
        int rememberedJobs,
        ClientSettings client,
        Duration progressInterval,
        Duration drainTimeout,
        List<String> warnings) {
    static final String ROOT = "sampo";

    /** Copies the warnings. */
    public EngineSettings {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads the settings for this JVM.
     *
     * @param loaded what {@link EngineConfig#load} returned
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} with all problems, one per line
     */
    public static EngineSettings from(Config loaded) {
        return from(loaded, Machine.current());
    }

    /**
     * Reads the settings.
     *
     * @param loaded what {@link EngineConfig#load} returned
     * @param machine what {@code auto} depends on
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} with all problems, one per line
     */
    public static EngineSettings from(Config loaded, Machine machine) {
        ConfigProblems problems = new ConfigProblems();
        ConfigReader reader = ConfigReader.of(loaded, ROOT, problems);
        EngineSettings settings = from(reader, machine);
        reader.finish();
        problems.throwIfAny();
        return settings;
    }

    static EngineSettings from(ConfigReader reader, Machine machine) {
        List<String> warnings = new ArrayList<>();
        NodeSettings node = NodeSettings.from(reader, machine, warnings);
        return new EngineSettings(
                node,
                InputSettings.from(reader.section("input"), node),
                ShuffleSettings.from(reader.section("shuffle")),
                SampleSettings.from(reader.section("sample")),
                OutputSettings.from(reader.section("output")),
                ResultSettings.from(reader.section("result")),
                TaskSettings.from(reader.section("task")),
                QueueSettings.from(reader.section("queues")),
                ClusterSettings.from(reader.section("cluster")),
                SecuritySettings.from(reader.section("security")),
                ShipSettings.from(reader.section("ship")),
                HttpSettings.from(reader.section("http")),
                reader.integer("remembered-jobs", 1, 100_000),
                ClientSettings.from(reader.section("client")),
                reader.duration("progress-interval", Duration.ofMillis(10), Duration.ofHours(1)),
                reader.duration("drain-timeout", Duration.ofMillis(1), Duration.ofHours(1)),
                warnings);
    }
}
