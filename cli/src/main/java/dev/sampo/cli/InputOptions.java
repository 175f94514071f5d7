package dev.sampo.cli;

import dev.sampo.io.RecordInput;
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

    @Option(
            names = "--near",
            paramLabel = "HOST|LABEL",
            description =
                    "Prefers worker nodes of this host or label, such as zone=a, to read the input; may be repeated")
    private List<String> near = List.of();

    List<String> paths() {
        return paths;
    }

    RecordInput records(int recordBytes) {
        return RecordInput.from(recordBytes, paths).near(near);
    }

    TextInput lines() {
        return TextInput.from(paths).near(near);
    }
}
