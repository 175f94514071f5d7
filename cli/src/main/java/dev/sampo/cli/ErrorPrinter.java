package dev.sampo.cli;

import dev.sampo.spi.SampoException;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says on stderr what went wrong: {@code sampo: <what>; expected …}, with a stack trace only when asked for. */
final class ErrorPrinter {
    private static final String PREFIX = "sampo: ";
    private static final String EXPECTED = "; expected ";

    private final Streams streams;

    ErrorPrinter(Streams streams) {
        this.streams = streams;
    }

    /** Reports arguments that cannot be understood. */
    int onWrongArguments(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String message = message(e, command);
        if (!message.contains(EXPECTED)) {
            message += EXPECTED + "what the help says";
        }
        print(message);
        streams.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help' for more.");
        return ExitCode.USAGE.number();
    }

    private static String message(ParameterException e, CommandLine command) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            CommandSpec spec = command.getCommandSpec();
            List<String> arguments = unmatched.getUnmatched();
            if (spec.userObject() instanceof JobCommand job && job.namesNoJar()) {
                return job.unknownJob();
            }
            if (spec.userObject() instanceof SampoCommand) {
                return "unknown command '" + arguments.get(0) + "'" + EXPECTED + "one of "
                        + String.join(", ", spec.subcommands().keySet());
            }
            return "unknown option or argument " + String.join(" ", arguments) + EXPECTED + "one of "
                    + String.join(", ", spec.optionsMap().keySet());
        }
        if (e instanceof MissingParameterException missing) {
            return missing.getMissing().stream().map(ErrorPrinter::name).collect(Collectors.joining(" and ", "no ", ""))
                    + EXPECTED
                    + missing.getMissing().stream()
                            .map(ErrorPrinter::nameAndValue)
                            .collect(Collectors.joining(" "));
        }
        String message = Objects.requireNonNullElse(e.getMessage(), e.toString());
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String nameAndValue(ArgSpec argument) {
        return argument instanceof OptionSpec ? name(argument) + " " + argument.paramLabel() : argument.paramLabel();
    }

    /** Reports that a command failed. */
    int onFailure(Exception e, CommandLine command, ParseResult parsed) {
        ExitCode exitCode;
        if (e instanceof SampoException known) {
            exitCode = ExitCode.of(known.code());
            print(Objects.requireNonNullElse(e.getMessage(), known.code().name()));
        } else if (e instanceof InterruptedException) {
            exitCode = ExitCode.CANCELED;
            print("interrupted; expected to wait for the end of the job");
        } else {
            exitCode = ExitCode.INTERNAL;
            print("a defect of Sampo: " + e + EXPECTED + "none; run with --verbose and report what it prints");
        }
        ReportingCommand reporting = reporting(command.getCommandSpec());
        if (reporting != null && reporting.isVerbose()) {
            printStackTrace(e);
        }
        if (reporting != null && reporting.isJson()) {
            JsonReport.failure(streams.out(), e, exitCode);
        }
        return exitCode.number();
    }

    private static @Nullable ReportingCommand reporting(CommandSpec spec) {
        for (@Nullable CommandSpec at = spec; at != null; at = at.parent()) {
            if (at.userObject() instanceof ReportingCommand reporting) {
                return reporting;
            }
        }
        return null;
    }

    private void print(String message) {
        streams.err().println(PREFIX + message);
    }

    private void printStackTrace(Exception e) {
        PrintStream err = streams.err();
        e.printStackTrace(err);
    }
}
