package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampo.it.Commands.Outcome;
import dev.sampo.it.Programs.Program;
import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerMain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job of a user's own jar whose every class leaves the id of the process that loads it, and a seed that cannot see the
 * folder of the job's input and output: what it would load or open would be seen, or would fail the job.
 */
@Tag("slow")
class SeedTouchesNothingIT {
    private static final String SOURCE = """
            package own;
            import dev.sampo.api.*;
            import dev.sampo.io.*;
            import dev.sampo.spi.*;
            import java.io.IOException;
            import java.io.OutputStream;
            import java.net.URI;
            import java.nio.file.*;
            import java.util.List;
            public class Witnessed implements JobProgram {
                static void witness(String what) {
                    try {
                        Path seen = Path.of("@DIRECTORY@");
                        Files.writeString(seen.resolve(what + "-" + ProcessHandle.current().pid()), "");
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
                @Override public JobSpec<?, ?> create(List<String> arguments) {
                    return JobSpec.named("witnessed")
                        .read(new Source(TextInput.from(arguments.get(0))))
                        .map(Codecs.STRING, Codecs.LONG, new Words())
                        .partitions(2)
                        .partitionBy(new Halves())
                        .reduce(Codecs.STRING, Codecs.LONG, new Sum())
                        .writeTo(new Sink(TextOutput.to(arguments.get(1))));
                }
            }
            class Source implements InputSource<Text> {
                static { Witnessed.witness("source"); }
                private final TextInput lines;
                Source(TextInput lines) { this.lines = lines; }
                @Override public List<Split> splits(ReadOptions options) throws IOException {
                    return lines.splits(options);
                }
                @Override public RecordReader<Text> open(Split split, ReadOptions options) {
                    return lines.open(split, options);
                }
            }
            class Words implements Mapper<Text, String, Long> {
                static { Witnessed.witness("mapper"); }
                @Override public void map(Text line, Emitter<String, Long> out) throws Exception {
                    org.slf4j.LoggerFactory.getLogger("own.Words").info("maps a line");
                    for (String word : line.toString().split(" ")) {
                        out.emit(word, 1L);
                    }
                }
            }
            class Halves implements Partitioner<String> {
                static { Witnessed.witness("partitioner"); }
                @Override public int partition(String key, int partitions) {
                    return Math.floorMod(key.length(), partitions);
                }
            }
            class Sum implements Reducer<String, Long, String, Long> {
                static { Witnessed.witness("reducer"); }
                @Override public void reduce(String key, Values<Long> values, Emitter<String, Long> out)
                        throws Exception {
                    long sum = 0;
                    for (Long value : values) {
                        sum += value;
                    }
                    out.emit(key, sum);
                }
            }
            class Sink implements OutputSink<String, Long> {
                static { Witnessed.witness("sink"); }
                private final TextOutput lines;
                Sink(TextOutput lines) { this.lines = lines; }
                @Override public URI directory() { return lines.directory(); }
                @Override public boolean overwrite() { return lines.overwrite(); }
                @Override public RecordWriter<String, Long> open(OutputStream out) throws IOException {
                    RecordWriter<Object, Object> writer = lines.open(out);
                    return new RecordWriter<>() {
                        @Override public void write(String key, Long value) throws IOException {
                            writer.write(key, value);
                        }
                        @Override public void close() throws IOException { writer.close(); }
                    };
                }
            }
            """;

    @TempDir
    Path directory = Path.of("");

    private final List<Programs> all = new ArrayList<>();

    @AfterEach
    void kill() {
        all.forEach(Programs::close);
    }

    @Test
    void aSeedLoadsNoClassOfAJobAndNeedsNoneOfItsFilesAndWorkersSayWhatTheirLinesAreAbout() throws Exception {
        assumeTrue(NamespaceHosts.areAvailable());
        Path hidden = Files.createDirectories(directory.resolve("hidden"));
        Path witnesses = Files.createDirectories(directory.resolve("witnesses"));
        Files.writeString(hidden.resolve("in.txt"), "to be or not to be\n");
        Programs programs = new Programs(directory);
        all.add(programs);
        int http = Programs.freePort();
        Program seed = programs.start(
                command -> withoutFolder(hidden, command),
                Programs.HOST,
                SeedMain.class,
                "--port",
                "0",
                "--http-port",
                "" + http);
        String address = seed.awaitReady();
        Program worker = programs.start(WorkerMain.class, "--seed", address, "--slots", "1");
        String workerAddress = worker.awaitReady();
        Path jar = Commands.jar(directory, "Witnessed", SOURCE.replace("@DIRECTORY@", witnesses.toString()));

        Outcome submitted = Commands.run(
                directory,
                "submit",
                "--seed",
                "http://127.0.0.1:" + http,
                "--id",
                "witnessed",
                "--wait",
                "--jar",
                jar.toString(),
                "--class",
                "own.Witnessed",
                "--",
                hidden.resolve("in.txt").toString(),
                hidden.resolve("out").toString());

        assertThat(submitted.exitCode())
                .as(submitted.err() + "\n" + seed.output() + "\n" + worker.output())
                .isZero();
        assertThat(Files.readString(hidden.resolve("out/part-00000"))).isEqualTo("be\t2\nor\t1\nto\t2\n");
        assertThat(Files.readString(hidden.resolve("out/part-00001"))).isEqualTo("not\t1\n");
        long node = worker.node().pid();
        assertThat(seen(witnesses, node))
                .as("the worker is seen where it loads them")
                .containsExactlyInAnyOrder("source", "mapper", "partitioner", "reducer", "sink");
        for (ProcessHandle each : Stream.concat(
                        Stream.of(seed.process().toHandle()), seed.process().descendants())
                .toList()) {
            assertThat(seen(witnesses, each.pid())).as("loaded by the seed").isEmpty();
        }
        // the form of logback.xml, as node programs have it
        assertThat(worker.output())
                .containsPattern("INFO +" + workerAddress.replace(".", "\\.")
                        + " own\\.Words - job=witnessed task=2-\\d+ attempt=0 maps a line");
    }

    private static List<String> withoutFolder(Path folder, List<String> command) {
        List<String> all = new ArrayList<>(List.of(
                "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs \"$0\" && exec \"$@\"", folder.toString()));
        all.addAll(command);
        return all;
    }

    private static Set<String> seen(Path witnesses, long process) throws Exception {
        Set<String> classes = new TreeSet<>();
        try (Stream<Path> files = Files.list(witnesses)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("-" + process))
                    .forEach(name -> classes.add(name.substring(0, name.lastIndexOf('-'))));
        }
        return classes;
    }
}
