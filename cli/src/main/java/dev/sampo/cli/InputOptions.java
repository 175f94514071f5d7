package dev.sampo.cli;

import dev.sampo.io.TextInput;
import java.util.List;
import picocli.CommandLine.Option;

/** The input of a job that reads one. Filled in by picocli. */
final class InputOptions {
    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "PATH",
            description = "Files, directories, glob patterns or URIs; may be repeated")
    private List<String> paths = List.of();

    List<String> paths() {
        return paths;
    }

    TextInput lines() {
        return TextInput.from(paths);
    }
}
