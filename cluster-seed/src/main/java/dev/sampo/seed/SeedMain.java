package dev.sampo.seed;

import dev.sampo.config.NodeOptions;
import dev.sampo.internal.runtime.EngineVersion;
import dev.sampo.internal.runtime.NodeLog;
import dev.sampo.internal.runtime.NodeProgram;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts a seed node: a member that coordinates the cluster, and that others join. */
@Command(
        name = "sampo-seed",
        mixinStandardHelpOptions = true,
        versionProvider = SeedMain.Version.class,
        description = "Starts a seed node of a cluster, which coordinates it. Run one, or three or more.",
        exitCodeOnInvalidInput = NodeProgram.BAD_CONFIGURATION,
        exitCodeOnExecutionException = NodeProgram.INTERNAL,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it ended because it was asked to (143 after SIGTERM)",
            "2:an option or a setting is wrong, or is not that of the cluster",
            "3:it could not join the other seeds",
            "4:internal error",
            "5:the others went on without it"
        })
public final class SeedMain implements Callable<Integer> {
    @Mixin
    private NodeOptions node = new NodeOptions();

    @Option(names = "--http-port", paramLabel = "PORT", description = "Port of the HTTP API; 0 takes a free one.")
    private @Nullable Integer httpPort;

    /** Runs the program and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        NodeLog.as("seed");
        System.exit(run(arguments));
    }

    /** Runs the program until the node ends, and returns the exit code. */
    public static int run(String... arguments) {
        return new CommandLine(new SeedMain()).execute(arguments);
    }

    @Override
    public Integer call() {
        Map<String, Object> options = node.settings();
        NodeOptions.put(options, "sampo.http.port", httpPort);
        return new NodeProgram("seed", SeedNode::start, node.joinLimit()).run(options, node.file());
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sampo-seed " + EngineVersion.current()};
        }
    }
}
