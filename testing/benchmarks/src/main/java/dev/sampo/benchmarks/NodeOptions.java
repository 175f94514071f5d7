package dev.sampo.benchmarks;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the nodes of a measured cluster run. Filled in by picocli. */
final class NodeOptions {
    @Option(names = "--heap", defaultValue = "256m", description = "heap of each node (${DEFAULT-VALUE})")
    String heap = "256m";

    @Option(names = "--recordings", description = "an existing directory for a flight recording of each node")
    @Nullable
    Path recordings;

    @Option(names = "--keep", description = "keep the files and logs of the nodes, in a directory of java.io.tmpdir")
    boolean keep;
}
