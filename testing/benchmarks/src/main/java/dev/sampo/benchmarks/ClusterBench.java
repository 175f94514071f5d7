package dev.sampo.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: each subcommand measures one thing and prints its figures. */
@Command(
        name = "cluster-bench",
        description = "Measures a seed and workers of one slot each, as processes on this machine.",
        mixinStandardHelpOptions = true,
        subcommands = {
            TasksCommand.class,
            RoundTripCommand.class,
            StartCommand.class,
            MovementCommand.class,
            StragglerCommand.class,
            CompareCommand.class
        })
public final class ClusterBench {
    private ClusterBench() {}

    /** Runs a subcommand and ends with its exit code. */
    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "dev/sampo/benchmarks/logback.xml");
        System.exit(new CommandLine(new ClusterBench()).execute(arguments));
    }
}
