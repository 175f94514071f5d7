package dev.sampo.cli;

import java.io.PrintStream;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that teaches bash, and zsh through bashcompinit, to complete the command line. */
@Command(name = "completion", description = "Prints a completion script: source <(./sampo completion)")
final class CompletionCommand implements Runnable {
    /** Injected by picocli. */
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintStream out = SampoCommand.streams(spec).out();
        out.print(AutoComplete.bash("sampo", spec.root().commandLine()));
    }
}
