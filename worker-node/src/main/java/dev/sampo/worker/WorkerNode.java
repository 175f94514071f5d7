package dev.sampo.worker;

import com.typesafe.config.Config;
import dev.sampo.config.NodeOptions;
import dev.sampo.internal.runtime.EngineVersion;
import dev.sampo.internal.runtime.NodeLog;
import dev.sampo.internal.runtime.NodeProcess;
import dev.sampo.internal.runtime.NodeProgram;
import dev.sampo.internal.runtime.ParentLink;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The worker node itself: a member that runs attempts. {@link WorkerMain} starts it, and starts it again. */
@Command(
        name = "sampo-worker",
        mixinStandardHelpOptions = true,
        versionProvider = WorkerNode.Version.class,
        description = "Starts a worker node of a cluster, which runs attempts; starts it again when it dies.",
        exitCodeOnInvalidInput = NodeProgram.BAD_CONFIGURATION,
        exitCodeOnExecutionException = NodeProgram.INTERNAL,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it ended because it was asked to (143 after SIGTERM)",
            "2:an option or a setting is wrong, or is not that of the cluster",
            "3:it could not join a seed",
            "4:internal error",
            "5:the others went on without it"
        })
public final class WorkerNode implements Callable<Integer> {
    @Mixin
    private NodeOptions node = new NodeOptions();

    @Option(names = "--slots", paramLabel = "N", description = "How many attempts run at once.")
    private @Nullable Integer slots;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory for map output of all slots, such as 512MiB.")
    private @Nullable String memory;

    @Option(names = "--weight", paramLabel = "W", description = "Share of the data it is given; its slots unless set.")
    private @Nullable Double weight;

    @Option(
            names = "--label",
            paramLabel = "KEY=VALUE",
            description = "What to say of the node, such as zone=a; repeatable.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = ParentLink.REPORT_OPTION, hidden = true)
    private @Nullable Path report;

    @Option(names = ParentLink.PORT_OPTION, hidden = true)
    private @Nullable Integer keptPort;

    /** Runs the program and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        NodeLog.as("worker");
        System.exit(run(arguments));
    }

    /** Runs the program until the node ends, and returns the exit code. */
    public static int run(String... arguments) {
        return new CommandLine(new WorkerNode()).execute(arguments);
    }

    /** Returns the settings that a command line of the node stands for. */
    static Config settings(List<String> arguments) {
        WorkerNode program = new WorkerNode();
        new CommandLine(program).parseArgs(arguments.toArray(String[]::new));
        return NodeProgram.settings(program.options(), program.node.file(), "worker.conf");
    }

    @Override
    public Integer call() {
        if (report == null) {
            return new NodeProgram("worker", NodeProcess::worker, node.joinLimit()).run(options(), node.file());
        }
        ParentLink parent = new ParentLink(report, keptPort != null);
        return new NodeProgram("worker", parent::worker, node.joinLimit())
                .under(parent)
                .run(options(), node.file());
    }

    private Map<String, Object> options() {
        Map<String, Object> options = node.settings();
        NodeOptions.put(options, "sampo.slots", slots);
        NodeOptions.put(options, "sampo.memory", memory);
        NodeOptions.put(options, "sampo.weight", weight);
        NodeOptions.put(options, "sampo.labels", labels.isEmpty() ? null : labels);
        NodeOptions.put(options, "sampo.cluster.port", keptPort);
        return options;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sampo-worker " + EngineVersion.current()};
        }
    }
}
