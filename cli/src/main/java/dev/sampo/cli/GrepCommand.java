package dev.sampo.cli;

import dev.sampo.api.JobSpec;
import dev.sampo.examples.grep.Grep;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(name = "grep", description = "Writes the lines in which a regular expression matches, in input order.")
final class GrepCommand extends PartsCommand {
    @Mixin
    private final InputOptions input = new InputOptions();

    @SuppressWarnings("NullAway.Init")
    @Option(
            names = "--pattern",
            required = true,
            paramLabel = "REGEX",
            description = "A regular expression of java.util.regex")
    private String pattern;

    @Override
    JobSpec<?, ?> job() {
        try {
            return Grep.job(pattern, reading(input.lines()), textOutput().valuesOnly(), parts().partitions());
        } catch (PatternSyntaxException e) {
            throw new ParameterException(
                    spec().commandLine(),
                    "pattern '" + e.getPattern() + "': " + e.getDescription()
                            + (e.getIndex() >= 0 ? " at character " + e.getIndex() : "")
                            + "; expected a regular expression of java.util.regex",
                    e);
        }
    }
}
