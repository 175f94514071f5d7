package dev.sampo.worker;

import com.typesafe.config.Config;
import dev.sampo.internal.runtime.EngineVersion;
import dev.sampo.internal.runtime.NodeProcess;
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

/** Starts a worker node: a member that runs attempts. */
@Command(
        name = "sampo-worker",
        mixinStandardHelpOptions = true,
        versionProvider = WorkerMain.Version.class,
        description = "Starts a worker node of a Sampo cluster.",
        exitCodeOnInvalidInput = NodeProgram.BAD_CONFIGURATION,
        exitCodeOnExecutionException = NodeProgram.INTERNAL,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it ended because it was asked to (143 after SIGTERM)",
            "2:an option or a setting is wrong",
            "3:it could not join a seed",
            "4:internal error",
            "5:the others went on without it; start it again"
        })
public final class WorkerMain implements Callable<Integer> {
    private static final String SEEDS = "sampo.cluster.seeds";

    @Option(
            names = "--seed",
            paramLabel = "HOST:PORT",
            description = "A seed to join; repeatable. Needed unless the settings name one.")
    private List<String> seeds = List.of();

    @Option(names = "--host", paramLabel = "HOST", description = "Address to bind to and be known by.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Port for control messages; 0 takes a free one.")
    private @Nullable Integer port;

    @Option(names = "--slots", paramLabel = "N", description = "How many attempts run at once.")
    private @Nullable Integer slots;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory for map output of all slots, such as 512MiB.")
    private @Nullable String memory;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings in HOCON, over worker.conf.")
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
        return new CommandLine(new WorkerMain()).execute(arguments);
    }

    @Override
    public Integer call() {
        Config settings;
        try {
            settings = NodeProgram.settings(options(), config, "worker.conf");
        } catch (SampoException e) {
            System.err.println(e.getMessage());
            return NodeProgram.BAD_CONFIGURATION;
        }
        if (!settings.hasPath(SEEDS)) {
            System.err.println("no seed to join; expected --seed HOST:PORT or " + SEEDS + " in the settings");
            return NodeProgram.BAD_CONFIGURATION;
        }
        return new NodeProgram("worker", NodeProcess::worker, Duration.ofSeconds(joinTimeoutSeconds)).run(settings);
    }

    private Map<String, Object> options() {
        Map<String, Object> options = new HashMap<>();
        put(options, SEEDS, seeds.isEmpty() ? null : String.join(",", seeds));
        put(options, "sampo.cluster.host", host);
        put(options, "sampo.cluster.port", port);
        put(options, "sampo.slots", slots);
        put(options, "sampo.memory", memory);
        return options;
    }

    private static void put(Map<String, Object> options, String path, @Nullable Object value) {
        if (value != null) {
            options.put(path, value);
        }
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sampo-worker " + EngineVersion.current()};
        }
    }
}
