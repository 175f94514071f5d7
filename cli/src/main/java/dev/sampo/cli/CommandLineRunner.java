package dev.sampo.cli;

import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/** Puts the commands together and runs one of them. */
final class CommandLineRunner {
    private CommandLineRunner() {}

    /** Runs the command that {@code args} describe and returns the exit code. */
    static int run(Streams streams, String... args) {
        CommandLine commandLine = commandLine(streams);
        ErrorPrinter errors = new ErrorPrinter(streams);
        return commandLine
                .setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(errors::onWrongArguments)
                .setExecutionExceptionHandler(errors::onFailure)
                .execute(args);
    }

    /** Returns all commands, not yet run. */
    static CommandLine commandLine(Streams streams) {
        CommandLine commandLine = new CommandLine(new SampoCommand(streams));
        // the launcher starts these in JVMs of their own; here they are for help and completion
        commandLine.addSubcommand("seed", new SeedMain()).addSubcommand("worker", new WorkerNode());
        // a file, a queue or a job may have the name of a job
        commandLine.setAllowSubcommandsAsOptionParameters(true);
        Map<String, String> exitCodes = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            exitCodes.put(String.valueOf(code.number()), code.description());
        }
        commandLine
                .getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(exitCodes);
        return commandLine;
    }
}
