package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of every job: how the engine runs it, and what is reported. Filled in by picocli. */
final class EngineOptions {
    @Option(
            names = "--slots",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "How many tasks run at once (sampo.slots)")
    private @Nullable String slots;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            scope = ScopeType.INHERIT,
            description = "Memory for sorting and combining, as 64m (sampo.memory)")
    private @Nullable String memory;

    @Option(
            names = "-D",
            paramLabel = "key=value",
            scope = ScopeType.INHERIT,
            description = "Any setting, as -D sampo.input.split-size=1m; may be repeated")
    private List<String> definitions = List.of();

    @Option(
            names = "--queue",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The queue whose share of the slots the job takes (default: default)")
    private @Nullable String queue;

    @Option(
            names = "--priority",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "In its queue, jobs of a lower priority get the slots that this one leaves (default: 0)")
    private int priority;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print one JSON object with the result and all counters on stdout")
    private boolean json;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress and no summary")
    private boolean quiet;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Log messages and stack traces on stderr")
    private boolean verbose;

    Settings settings() {
        Settings settings = new Settings();
        if (slots != null) {
            settings.set("sampo.slots", slots, "--slots");
        }
        if (memory != null) {
            settings.set("sampo.memory", memory, "--memory");
        }
        definitions.forEach(settings::define);
        return settings;
    }

    /** Returns the job with the queue and the priority that the command line names. */
    <K, V> JobSpec<K, V> apply(JobSpec<K, V> job) {
        try {
            JobSpec<K, V> queued = queue == null ? job : job.withQueue(queue);
            return priority == 0 ? queued : queued.withPriority(priority);
        } catch (IllegalArgumentException e) {
            throw new SampoException(ErrorCode.JOB_INVALID, "command line: " + e.getMessage(), e);
        }
    }

    /** Says which options mean nothing to a cluster, whose nodes have slots and memory of their own. */
    void warnOfWhatAClusterIgnores(PrintStream err) {
        if (!quiet && (slots != null || memory != null)) {
            err.println("sampo: --slots and --memory have no effect here: the nodes of the cluster have their own");
        }
    }

    boolean isJson() {
        return json;
    }

    boolean isQuiet() {
        return quiet;
    }

    boolean isVerbose() {
        return verbose;
    }
}
