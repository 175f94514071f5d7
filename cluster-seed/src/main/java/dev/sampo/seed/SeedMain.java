package dev.sampo.seed;

import com.typesafe.config.Config;
import dev.sampo.internal.runtime.EngineVersion;
import dev.sampo.internal.runtime.NodeProgram;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a seed node: a member that coordinates the cluster, and that others join. */
@Command(
        name = "sampo-seed",
        mixinStandardHelpOptions = true,
        versionProvider = SeedMain.Version.class,
        description = "Starts a seed node of a Sampo cluster. Run one, or three or more.",
        exitCodeOnInvalidInput = NodeProgram.BAD_CONFIGURATION,
        exitCodeOnExecutionException = NodeProgram.INTERNAL,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it ended because it was asked to (143 after SIGTERM)",
            "2:an option or a setting is wrong",
            "3:it could not join the other seeds",
            "4:internal error",
            "5:the others went on without it"
        })
public final class SeedMain implements Callable<Integer> {
    @Option(names = "--host", paramLabel = "HOST", description = "Address to bind to and be known by.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Port for control messages; 0 takes a free one.")
    private @Nullable Integer port;

    @Option(
            names = "--seed",
            paramLabel = "HOST:PORT",
            description = "Another seed to join; repeatable. Without any a new cluster is formed.")
    private List<String> seeds = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "Settings in HOCON, over seed.conf.")
    private @Nullable Path config;

    @Option(
            names = "--join-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long joining may take (${DEFAULT-VALUE} s).")
    private int joinTimeoutSeconds;

    /** Runs the program and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs the program until the node ends, and returns the exit code. */
    public static int run(String... arguments) {
        return new CommandLine(new SeedMain()).execute(arguments);
    }

    @Override
    public Integer call() {
        Map<String, Object> options = new HashMap<>();
        if (host != null) {
            options.put("sampo.cluster.host", host);
        }
        if (port != null) {
            options.put("sampo.cluster.port", port);
        }
        if (!seeds.isEmpty()) {
            options.put("sampo.cluster.seeds", String.join(",", seeds));
        }
        Config settings;
        try {
            settings = NodeProgram.settings(options, config, "seed.conf");
        } catch (SampoException e) {
            System.err.println(e.getMessage());
            return NodeProgram.BAD_CONFIGURATION;
        }
        return new NodeProgram("seed", SeedNode::start, Duration.ofSeconds(joinTimeoutSeconds)).run(settings);
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sampo-seed " + EngineVersion.current()};
        }
    }
}
