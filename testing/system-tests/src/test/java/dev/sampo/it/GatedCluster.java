package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.Combiners;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import dev.sampo.it.Programs.Program;
import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Node programs with one slot each, a job whose attempts wait at a gate, and what it has to come to. */
final class GatedCluster implements AutoCloseable {
    private static final int LINES = 6_000;
    private static final int WORDS = 40;

    private final Path directory;
    private final Programs programs;
    private final Path witnesses;

    /**
     * Makes the input of the job.
     *
     * @param settings lines of HOCON for all nodes
     */
    GatedCluster(Path directory, String... settings) throws IOException {
        this.directory = directory;
        this.programs = new Programs(directory, settings);
        this.witnesses = Files.createDirectory(directory.resolve("witnesses"));
        Files.write(
                directory.resolve("input.txt"),
                IntStream.range(0, LINES)
                        .mapToObj(line -> "word-" + line % WORDS)
                        .toList());
    }

    @Override
    public void close() {
        programs.close();
    }

    Program seed(int port, int... others) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--port", "" + port));
        for (int other : others) {
            arguments.addAll(List.of("--seed", Programs.HOST + ":" + other));
        }
        return programs.start(SeedMain.class, arguments.toArray(String[]::new));
    }

    Program worker(int... seeds) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--slots", "1"));
        for (int seed : seeds) {
            arguments.addAll(List.of("--seed", Programs.HOST + ":" + seed));
        }
        return programs.start(WorkerMain.class, arguments.toArray(String[]::new));
    }

    static Sampo join(Integer... seeds) {
        List<String> addresses =
                Stream.of(seeds).map(port -> Programs.HOST + ":" + port).toList();
        return Sampo.join(ConfigFactory.parseMap(Map.of(
                "sampo.cluster.host",
                Programs.HOST,
                "sampo.cluster.port",
                0,
                "sampo.ship.classpath", // the nodes have the class path of the test
                "none",
                "sampo.cluster.seeds",
                String.join(",", addresses))));
    }

    JobSpec<Text, Long> wordCount() {
        return JobSpec.named("words")
                .read(TextInput.from(directory.resolve("input.txt")))
                .map(Codecs.TEXT, Codecs.LONG, new GatedWordMapper(witnesses))
                .combine(Combiners.sumLong())
                .partitions(2)
                .reduce(Codecs.TEXT, Codecs.LONG, Reducers.sumLong())
                .writeTo(TextOutput.to(directory.resolve("output")))
                .withSplitBytes(8 << 10)
                .withoutSpeculation();
    }

    void checkOutput() throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        for (String part : List.of("part-00000", "part-00001")) {
            for (String line : Files.readAllLines(directory.resolve("output").resolve(part))) {
                int tab = line.indexOf('\t');
                assertThat(counts.put(line.substring(0, tab), Long.parseLong(line.substring(tab + 1))))
                        .isNull();
            }
        }
        assertThat(counts)
                .hasSize(WORDS)
                .allSatisfy((word, count) -> assertThat(count).isEqualTo(LINES / WORDS));
    }

    void openGate() throws IOException {
        GatedWordMapper.openGate(witnesses);
    }

    /** Returns how many attempts began in the process that is a node. */
    int attemptsIn(long pid) throws IOException {
        return GatedWordMapper.attemptsIn(witnesses, pid);
    }

    /** Returns how many attempts began, on all nodes. */
    int attempts() throws IOException {
        try (Stream<Path> files = Files.list(witnesses)) {
            return (int) files.count();
        }
    }

    static int mapsDone(JobHandle<?, ?> job) {
        return job.progress().stages().stream()
                .filter(stage -> stage.name().equals("map"))
                .mapToInt(JobProgress.Stage::done)
                .sum();
    }

    static int count(Program program, String text) throws IOException {
        return program.output().split(Pattern.quote(text), -1).length - 1;
    }

    static Duration report(String what, long since) {
        Duration took = Duration.ofNanos(System.nanoTime() - since);
        System.out.println("MEASURED " + what + ": " + took.toMillis() + " ms");
        return took;
    }
}
