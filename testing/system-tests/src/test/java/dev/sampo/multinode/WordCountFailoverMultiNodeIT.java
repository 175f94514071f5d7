package dev.sampo.multinode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.Combiners;
import dev.sampo.api.Counters;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.OutputPart;
import dev.sampo.api.Reducers;
import dev.sampo.api.StageCounters;
import dev.sampo.io.Codecs;
import dev.sampo.io.Text;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import dev.sampo.seed.SeedMain;
import dev.sampo.testkit.MultiNode;
import dev.sampo.testkit.MultiNodeTest;
import dev.sampo.worker.WorkerNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The engine in one picture: a seed and two workers in JVMs of their own count the words of real text; one worker is
 * killed with finished map output on it and an attempt under way; the result is, to the byte, what an engine in one JVM
 * and a plain loop come to.
 */
@MultiNodeTest(
        roles = {"seed", "worker-1", "worker-2"},
        timeoutSeconds = 240,
        jvmArguments = "-Xmx512m")
class WordCountFailoverMultiNodeIT {
    /** The system property by which a forked node knows its role. */
    static final String NODE = "sampo.testkit.node.name";

    private static final int PORT = 25520;
    private static final int PARTITIONS = 4;
    private static final long TEXT_BYTES = 24L << 20;
    private static final long SPLIT_BYTES = 1L << 20;

    @Test
    void outputIsTheSameAfterAWorkerWasKilled(MultiNode node) throws Exception {
        startNode(node);
        node.runOn("seed", () -> countWithAKilledWorker(node));
    }

    @Tag("slow")
    @Test
    void outputIsTheSameWhenReducersFetchFromOtherNodes(MultiNode node) throws Exception {
        startNode(node);
        node.runOn("seed", () -> countUndisturbed(node));
    }

    private static void countWithAKilledWorker(MultiNode node) throws Exception {
        Path input = node.directory().resolve("input.txt");
        Path witnesses = Files.createDirectory(node.directory().resolve("witnesses"));
        Path output = node.directory().resolve("output");
        RealText.write(input, TEXT_BYTES);

        try (Sampo cluster = Sampo.join(client(node))) {
            JobHandle<Text, Long> job = cluster.submit(wordCount(input, witnesses, output));
            await().atMost(Duration.ofSeconds(90)).until(() -> isInMidJob(job, witnesses));
            node.kill("worker-1");
            List<String> begunByTheDead = WitnessedWordMapper.attemptsOn(witnesses, "worker-1");
            WitnessedWordMapper.openGate(witnesses);

            JobResult<Text, Long> result = job.await();

            checkAttempts(result.counters(), begunByTheDead, witnesses);
            checkParts(result.parts(), output);
            assertThat(result.counters().stage("map").recordsIn()).isEqualTo(linesOf(input));
        }
        checkAgainstOneJvm(node, input, output);
        assertThat(countsIn(output)).isEqualTo(countedByALoop(input));
    }

    private static void countUndisturbed(MultiNode node) throws Exception {
        Path input = node.directory().resolve("input.txt");
        Path witnesses = Files.createDirectory(node.directory().resolve("witnesses"));
        Path output = node.directory().resolve("output");
        RealText.write(input, TEXT_BYTES);

        try (Sampo cluster = Sampo.join(client(node))) {
            JobHandle<Text, Long> job = cluster.submit(wordCount(input, witnesses, output));
            await().atMost(Duration.ofSeconds(90)).until(() -> isInMidJob(job, witnesses));
            WitnessedWordMapper.openGate(witnesses);

            Counters counters = job.await().counters();

            for (StageCounters stage : counters.stages()) {
                assertThat(stage.attempts()).as(stage.stage()).isEqualTo(stage.tasks());
                assertThat(stage.failedAttempts()).as(stage.stage()).isZero();
            }
            int onBoth = 0;
            for (String worker : List.of("worker-1", "worker-2")) {
                List<String> attempts = WitnessedWordMapper.attemptsOn(witnesses, worker);
                assertThat(attempts).as("map output on " + worker).hasSizeGreaterThanOrEqualTo(3);
                onBoth += attempts.size();
            }
            assertThat(onBoth).isEqualTo(counters.stage("map").tasks());
        }
        checkAgainstOneJvm(node, input, output);
    }

    /** Both workers have finished map attempts, as the job itself says, and worker-1 is in the middle of another. */
    private static boolean isInMidJob(JobHandle<?, ?> job, Path witnesses) throws IOException {
        int done = job.progress().stages().stream()
                .filter(stage -> stage.name().equals("map"))
                .mapToInt(JobProgress.Stage::done)
                .sum();
        return done >= 4
                && WitnessedWordMapper.attemptsOn(witnesses, "worker-1").size() == 3
                && WitnessedWordMapper.attemptsOn(witnesses, "worker-2").size() == 3;
    }

    private static void checkAttempts(Counters counters, List<String> begunByTheDead, Path witnesses)
            throws IOException {
        StageCounters map = counters.stage("map");
        int tasks = map.tasks();
        assertThat(tasks).isBetween(20, 30);
        assertThat(begunByTheDead).hasSize(3).allMatch(attempt -> attempt.endsWith("-0"));
        assertThat(map.attempts())
                .as("each attempt of the dead worker once more, finished or not, and nothing else")
                .isEqualTo(tasks + begunByTheDead.size());
        List<String> begunByTheOther = WitnessedWordMapper.attemptsOn(witnesses, "worker-2");
        assertThat(begunByTheOther.stream().map(WordCountFailoverMultiNodeIT::taskOf))
                .as("in the end every split was mapped where its output is")
                .containsExactlyElementsOf(IntStream.range(0, tasks).boxed().toList());
        assertThat(begunByTheOther.stream()
                        .filter(attempt -> attempt.endsWith("-1"))
                        .map(WordCountFailoverMultiNodeIT::taskOf))
                .as("what the dead worker had begun is attempted again")
                .containsExactlyElementsOf(begunByTheDead.stream()
                        .map(WordCountFailoverMultiNodeIT::taskOf)
                        .toList());
        StageCounters reduce = counters.stage("reduce-1");
        assertThat(reduce.tasks()).isEqualTo(PARTITIONS);
    }

    private static int taskOf(String attempt) {
        return Integer.parseInt(attempt.substring(0, attempt.indexOf('-')));
    }

    /** One committed file per partition, and nothing else. */
    private static void checkParts(List<OutputPart> parts, Path output) throws IOException {
        assertThat(parts.stream().map(OutputPart::name))
                .containsExactly("part-00000", "part-00001", "part-00002", "part-00003");
        try (Stream<Path> files = Files.list(output)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("part-00000", "part-00001", "part-00002", "part-00003", "_SUCCESS");
        }
    }

    private static void checkAgainstOneJvm(MultiNode node, Path input, Path output) throws Exception {
        Path witnesses = Files.createDirectory(node.directory().resolve("witnesses-embedded"));
        WitnessedWordMapper.openGate(witnesses);
        Path embedded = node.directory().resolve("output-embedded");
        try (Sampo local = Sampo.local()) {
            local.submit(wordCount(input, witnesses, embedded)).await().close();
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            String part = "part-0000" + partition;
            assertThat(output.resolve(part)).as(part).hasSameBinaryContentAs(embedded.resolve(part));
        }
    }

    private static JobSpec<Text, Long> wordCount(Path input, Path witnesses, Path output) {
        return JobSpec.named("word-count")
                .read(TextInput.from(input))
                .map(Codecs.TEXT, Codecs.LONG, new WitnessedWordMapper(witnesses))
                .combine(Combiners.sumLong())
                .partitions(PARTITIONS)
                .reduce(Codecs.TEXT, Codecs.LONG, Reducers.sumLong())
                .writeTo(TextOutput.to(output))
                .withSplitBytes(SPLIT_BYTES)
                .withoutSpeculation();
    }

    private static Map<String, Long> countsIn(Path output) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (String line : Files.readAllLines(output.resolve("part-0000" + partition))) {
                int tab = line.indexOf('\t');
                Long before = counts.put(line.substring(0, tab), Long.parseLong(line.substring(tab + 1)));
                assertThat(before)
                        .as("the word of '" + line + "' is in two parts")
                        .isNull();
            }
        }
        return counts;
    }

    private static Map<String, Long> countedByALoop(Path input) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        try (Stream<String> lines = Files.lines(input, StandardCharsets.UTF_8)) {
            lines.forEach(line -> {
                StringTokenizer words = new StringTokenizer(line, " \t");
                while (words.hasMoreTokens()) {
                    counts.merge(words.nextToken(), 1L, Long::sum);
                }
            });
        }
        return counts;
    }

    private static long linesOf(Path input) throws IOException {
        try (Stream<String> lines = Files.lines(input, StandardCharsets.UTF_8)) {
            return lines.count();
        }
    }

    private static Config client(MultiNode node) {
        return ConfigFactory.parseMap(Map.of(
                "sampo.cluster.host",
                node.host(),
                "sampo.cluster.port",
                0,
                "sampo.cluster.seeds",
                node.host() + ":" + PORT));
    }

    /** The kit's own Pekko module is older than the engine's; and two cores start four JVMs. */
    private static String settings(MultiNode node) throws IOException {
        Path file = node.directory().resolve(node.role() + ".conf");
        Files.writeString(file, "pekko.fail-mixed-versions = off\nsampo.temp-dir = \"" + node.directory() + "\"\n");
        return file.toString();
    }

    /** Runs the node program of the role beside the test, until the JVM ends. */
    private static void startNode(MultiNode node) throws IOException {
        String settings = settings(node);
        Thread thread = new Thread(
                () -> {
                    int code = node.is("seed")
                            ? SeedMain.run("--host", node.host(), "--port", "" + PORT, "--config", settings)
                            : WorkerNode.run(
                                    "--seed",
                                    node.host() + ":" + PORT,
                                    "--host",
                                    node.host(),
                                    "--slots",
                                    "1",
                                    "--config",
                                    settings);
                    System.out.println("the node ended with code " + code);
                },
                "node");
        thread.setDaemon(true);
        thread.start();
    }
}
