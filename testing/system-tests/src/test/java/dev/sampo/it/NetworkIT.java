package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampo.it.IsolatedCluster.Outcome;
import dev.sampo.it.IsolatedCluster.Wire;
import dev.sampo.it.Programs.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and a submitter with a network, and where it says so a disk, of their own. Only root may make those. */
@Tag("slow")
class NetworkIT {
    private static final List<String> WORKERS = List.of("w1", "w2");

    /** Exit codes of the command line and of a node. */
    private static final int OUTPUT_REFUSED = 5;

    private static final int NOT_JOINED = 3;
    private static final String OWN_JOB = """
            package own;
            import dev.sampo.api.*;
            import dev.sampo.io.*;
            import java.util.List;
            public class WordLengths implements JobProgram {
                @Override public JobSpec<?, ?> create(List<String> arguments) {
                    TextInput named = TextInput.from(arguments.get(0));
                    TextInput input = arguments.size() > 2 ? named.shipped() : named;
                    return JobSpec.named("word-lengths")
                        .read(input.asStrings())
                        .map(Long.class, Long.class, (line, out) -> {
                            for (String word : line.split(" ")) {
                                out.emit(Lengths.of(word), 1L);
                            }
                        })
                        .combine(Combiners.sumLong())
                        .partitions(2)
                        .reduce(Long.class, Long.class, Reducers.sumLong())
                        .writeTo(TextOutput.to(arguments.get(1)));
                }
            }
            class Lengths {
                static long of(String word) { return word.length(); }
            }
            """;

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void namespacesAreThere() {
        assumeTrue(NamespaceHosts.areAvailable());
    }

    @Test
    void jobsOverTheNetworkGiveWhatTheEmbeddedEngineGives() throws Exception {
        List<String> names = new ArrayList<>(WORKERS);
        names.add("w3");
        try (IsolatedCluster cluster = new IsolatedCluster(directory, Wire.SECURED, names)) {
            cluster.startSeed(UnaryOperator.identity());
            for (String worker : WORKERS) {
                cluster.startWorker(worker, UnaryOperator.identity());
            }
            cluster.awaitWorkers(WORKERS.size());
            Path foreign = directory.resolve("foreign");
            cluster.makeCertificates(foreign, List.of("w3"));
            Program stranger = cluster.startWorker("w3", UnaryOperator.identity(), foreign);

            Path input = MadeText.write(directory.resolve("in"), 1, 5, 1 << 20);
            Path jar = OwnJar.compile(directory, "WordLengths", OWN_JOB);
            for (Map.Entry<String, List<String>> job : jobs(input, jar).entrySet()) {
                Path output = directory.resolve("out-" + job.getKey());
                Path expected = directory.resolve("expected-" + job.getKey());
                submit(cluster, job.getKey(), List.of("--wait"), job.getValue(), output)
                        .assertSuccess();
                embedded(cluster, job.getValue(), expected);
                IsolatedCluster.assertSameParts(output, expected);
            }
            for (String worker : WORKERS) {
                assertThat(cluster.attempts("of-word-count", "AttemptSucceeded", worker))
                        .as("attempts on %s", worker)
                        .isPositive();
            }

            stranger.awaitOutput("could not join");
            assertThat(stranger.process().waitFor()).isEqualTo(NOT_JOINED);
            assertThat(stranger.output()).contains("certificate");
            cluster.awaitWorkers(WORKERS.size());
        }
    }

    @Test
    void withoutASharedDiskCodeAndInputTravelAndTheOutputComesToTheSubmitter() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        try (IsolatedCluster cluster =
                new IsolatedCluster(directory, Wire.SECURED, WORKERS, "sampo.temp-dir = \"" + disk + "\"")) {
            // a disk of its own hides the folder, which the submitter alone sees
            cluster.startSeed(command -> NamespaceHosts.withOwnDisk(disk, "64m", command));
            for (String worker : WORKERS) {
                cluster.startWorker(worker, command -> NamespaceHosts.withOwnDisk(disk, "64m", command));
            }
            cluster.awaitWorkers(WORKERS.size());
            Path input = MadeText.write(disk.resolve("in"), 2, 4, 256 << 10);
            Path jar = OwnJar.compile(disk, "WordLengths", OWN_JOB);

            Outcome refused =
                    submit(cluster, "shared", List.of("--wait", "--ship-input"), wordCount(input), disk.resolve("out"));
            assertThat(refused.exitCode()).as(refused.err()).isEqualTo(OUTPUT_REFUSED);
            assertThat(refused.err()).contains("is not the same on every worker", "--fetch-output");
            assertThat(WORKERS.stream()
                            .filter(worker ->
                                    refused.err().contains(cluster.hosts().address(worker))))
                    .as("names the worker that does not see what the other one wrote: %s", refused.err())
                    .isNotEmpty();

            Outcome unreadable =
                    submit(cluster, "unread", List.of("--fetch-output"), wordCount(input), disk.resolve("out"));
            assertThat(unreadable.exitCode()).as(unreadable.err()).isNotZero();
            assertThat(unreadable.err()).contains("no worker node can read the input", input.toString());

            for (Map.Entry<String, List<String>> job : jobs(input, jar).entrySet()) {
                Path output = disk.resolve("out-" + job.getKey());
                Path expected = disk.resolve("expected-" + job.getKey());
                boolean own = job.getValue().contains("--jar");
                List<String> travel = own ? List.of("--fetch-output") : List.of("--fetch-output", "--ship-input");
                List<String> command = new ArrayList<>(job.getValue());
                submit(cluster, job.getKey(), travel, command, output, own ? "shipped" : "")
                        .assertSuccess();
                embedded(cluster, job.getValue(), expected);
                IsolatedCluster.assertSameParts(output, expected);
            }
        }
    }

    private static List<String> wordCount(Path input) {
        return List.of("word-count", "--partitions", "3", "--input", input.toString());
    }

    private static Map<String, List<String>> jobs(Path input, Path jar) {
        Map<String, List<String>> jobs = new LinkedHashMap<>();
        List<String> common = List.of("--partitions", "3", "-D", "sampo.input.split-size=512KiB", "--input");
        for (String name : List.of("word-count", "sort", "inverted-index")) {
            List<String> command = new ArrayList<>(List.of(name));
            command.addAll(common);
            command.add(input.toString());
            jobs.put(name, command);
        }
        jobs.put("own", List.of("--jar", jar.toString(), "--class", "own.WordLengths", "--", input.toString()));
        return jobs;
    }

    private static Outcome submit(
            IsolatedCluster cluster, String id, List<String> options, List<String> job, Path output, String... more)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--id", "of-" + id));
        arguments.addAll(options);
        arguments.addAll(withOutput(job, output));
        List.of(more).stream().filter(argument -> !argument.isEmpty()).forEach(arguments::add);
        return cluster.ask("submit", arguments.toArray(String[]::new));
    }

    private static void embedded(IsolatedCluster cluster, List<String> job, Path output) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(withOutput(job, output));
        cluster.succeed(arguments.toArray(String[]::new));
    }

    private static List<String> withOutput(List<String> job, Path output) {
        List<String> all = new ArrayList<>(job);
        if (!job.contains("--jar")) {
            all.add("--output");
        }
        all.add(output.toString());
        return all;
    }
}
