package dev.sampo.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command line; does nothing without one of its subcommands. */
@Command(
        name = "sampo",
        description = "Runs MapReduce jobs, here or on a cluster.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = BuildVersion.class,
        sortOptions = false,
        usageHelpWidth = 100,
        subcommands = {
            RunCommand.class,
            SubmitCommand.class,
            JobsCommand.class,
            JobStatusCommand.class,
            CancelCommand.class,
            ResultCommand.class,
            NodesCommand.class,
            EventsCommand.class,
            DrainCommand.class,
            CertsCommand.class,
            TokenCommand.class,
            CompletionCommand.class
        })
final class SampoCommand implements Runnable {
    private final Streams streams;

    /** Injected by picocli. */
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    SampoCommand(Streams streams) {
        this.streams = streams;
    }

    /** Returns where the commands below {@code root} write. */
    static Streams streams(CommandSpec spec) {
        return ((SampoCommand) spec.root().userObject()).streams;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no command; expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
