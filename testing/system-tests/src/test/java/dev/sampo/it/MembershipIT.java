package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node programs whose processes are killed and paused while a job runs. */
class MembershipIT {
    private static final int LINES = 6_000;
    private static final int WORDS = 40;

    @TempDir
    Path directory = Path.of("");

    private Programs programs = new Programs(directory);
    private Path witnesses = directory;

    @BeforeEach
    void makeInput() throws IOException {
        programs = new Programs(directory);
        witnesses = Files.createDirectory(directory.resolve("witnesses"));
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < LINES; line++) {
            lines.add("word-" + line % WORDS);
        }
        Files.write(directory.resolve("input.txt"), lines);
    }

    @AfterEach
    void killAll() {
        programs.close();
    }

    @Test
    void workersAndSubmittersOutliveTheDeathOfALoneSeed() throws Exception {
        int port = Programs.freePort();
        Program seed = seed(port);
        seed.awaitReady();
        Program worker = worker(port);
        worker.awaitReady();

        long pid;
        try (Sampo cluster = join(port)) {
            JobHandle<Text, Long> job = cluster.submit(wordCount());
            await().atMost(Programs.LIMIT).until(() -> mapsDone(job) >= 2);
            pid = worker.node().pid();
            seed.kill();
            long killed = System.nanoTime();
            Program next = seed(port);
            next.awaitOutput("joined with 1 slots");
            report("lone seed killed, started again, until the worker is registered again", killed);
            GatedWordMapper.openGate(witnesses);

            job.await().close();
            report("lone seed killed, until the job's result", killed);
        }
        assertThat(worker.node().pid()).as("the worker's process lives on").isEqualTo(pid);
        assertThat(GatedWordMapper.attemptsIn(witnesses, pid))
                .as("attempts of both reigns ran in it")
                .isGreaterThan(2);
        checkOutput();
    }

    @Test
    void anotherOfThreeSeedsTakesOverAndAJobGoesOnUnderItsId() throws Exception {
        List<Integer> ports = List.of(Programs.freePort(), Programs.freePort(), Programs.freePort());
        Program first = seed(ports.get(0));
        first.awaitReady();
        Program second = seed(ports.get(1), ports.get(0));
        second.awaitReady();
        Program third = seed(ports.get(2), ports.get(0));
        third.awaitReady();
        Program worker = worker(ports.get(0), ports.get(1), ports.get(2));
        worker.awaitReady();
        first.awaitOutput("joined with 1 slots");

        try (Sampo cluster = join(ports.get(0), ports.get(1), ports.get(2))) {
            JobHandle<Text, Long> job = cluster.submit(wordCount());
            await().atMost(Programs.LIMIT).until(() -> mapsDone(job) >= 2);
            first.kill();
            long killed = System.nanoTime();
            second.awaitOutput("joined with 1 slots");
            report("singleton's seed of three killed, until the worker is registered at the next", killed);
            GatedWordMapper.openGate(witnesses);

            job.await().close();
        }
        assertThat(List.of(second, third, worker))
                .allMatch(program -> program.process().isAlive());
        checkOutput();
    }

    @Test
    void aFlappingWorkerDoesNotDelayTheSuccessorOfADeadSeed() throws Exception {
        List<Integer> ports = List.of(Programs.freePort(), Programs.freePort(), Programs.freePort());
        Program first = seed(ports.get(0));
        first.awaitReady();
        Program second = seed(ports.get(1), ports.get(0));
        second.awaitReady();
        seed(ports.get(2), ports.get(0)).awaitReady();
        Program worker = worker(ports.get(0), ports.get(1), ports.get(2));
        worker.awaitReady();
        Program sick = worker(ports.get(0), ports.get(1), ports.get(2));
        sick.awaitReady();
        await().atMost(Programs.LIMIT).until(() -> joined(first) == 2);

        Thread flapping = new Thread(() -> flap(sick), "flapping");
        flapping.setDaemon(true);
        flapping.start();
        await().atMost(Programs.LIMIT).until(() -> count(second, "as UNREACHABLE") > 0);
        first.kill();
        long killed = System.nanoTime();
        second.awaitOutput("joined with 1 slots");
        Duration took = report("singleton's seed killed beside a flapping worker", killed);
        flapping.interrupt();
        flapping.join();

        assertThat(took).isLessThan(Duration.ofSeconds(30));
        assertThat(worker.process().isAlive()).isTrue();
    }

    @Test
    void aPausedWorkerIsTakenOutAndJoinsAgainWhenItWakes() throws Exception {
        int port = Programs.freePort();
        Program seed = seed(port);
        seed.awaitReady();
        Program worker = worker(port);
        worker.awaitReady();
        Program other = worker(port);
        other.awaitReady();
        await().atMost(Programs.LIMIT).until(() -> joined(seed) == 2);

        worker.signal("STOP");
        long paused = System.nanoTime();
        await().atMost(Programs.LIMIT).until(() -> count(seed, " is lost: ") == 1);
        report("worker paused, until the coordinator counts it as lost", paused);
        worker.signal("CONT");
        long woken = System.nanoTime();
        await().atMost(Programs.LIMIT).until(() -> joined(seed) == 3);
        report("worker woken, until it is registered again", woken);

        assertThat(worker.process().isAlive()).isTrue();
        assertThat(count(seed, " is lost: ")).as("the other worker is as it was").isEqualTo(1);
        GatedWordMapper.openGate(witnesses);
        try (Sampo cluster = join(port)) {
            cluster.submit(wordCount()).await().close();
        }
        assertThat(GatedWordMapper.attemptsIn(witnesses, worker.node().pid())).isPositive();
        assertThat(GatedWordMapper.attemptsIn(witnesses, other.node().pid())).isPositive();
        checkOutput();
    }

    @Test
    void aKilledWorkersAttemptsRunElsewhere() throws Exception {
        int port = Programs.freePort();
        Program seed = seed(port);
        seed.awaitReady();
        Program worker = worker(port);
        worker.awaitReady();
        worker(port).awaitReady();
        await().atMost(Programs.LIMIT).until(() -> joined(seed) == 2);

        worker.node().destroyForcibly();
        long killed = System.nanoTime();
        await().atMost(Programs.LIMIT).until(() -> count(seed, " is lost: ") == 1);
        report("worker killed, until the coordinator counts it as lost", killed);
        GatedWordMapper.openGate(witnesses);
        try (Sampo cluster = join(port)) {
            cluster.submit(wordCount()).await().close();
        }
        checkOutput();
    }

    private Program seed(int port, int... others) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--port", "" + port));
        for (int other : others) {
            arguments.addAll(List.of("--seed", Programs.HOST + ":" + other));
        }
        return programs.start(SeedMain.class, arguments.toArray(String[]::new));
    }

    private Program worker(int... seeds) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--slots", "1"));
        for (int seed : seeds) {
            arguments.addAll(List.of("--seed", Programs.HOST + ":" + seed));
        }
        return programs.start(WorkerMain.class, arguments.toArray(String[]::new));
    }

    private static Sampo join(Integer... seeds) {
        List<String> addresses = Stream.of(seeds).map(port -> Programs.HOST + ":" + port).toList();
        return Sampo.join(ConfigFactory.parseMap(Map.of(
                "sampo.cluster.host",
                Programs.HOST,
                "sampo.cluster.port",
                0,
                "sampo.cluster.seeds",
                String.join(",", addresses))));
    }

    private JobSpec<Text, Long> wordCount() {
        return JobSpec.named("words")
                .read(TextInput.from(directory.resolve("input.txt")))
                .map(Codecs.TEXT, Codecs.LONG, new GatedWordMapper(witnesses))
                .combine(Combiners.sumLong())
                .partitions(2)
                .reduce(Codecs.TEXT, Codecs.LONG, Reducers.sumLong())
                .writeTo(TextOutput.to(directory.resolve("output")))
                .withSplitBytes(8 << 10);
    }

    private void checkOutput() throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        for (String part : List.of("part-00000", "part-00001")) {
            for (String line : Files.readAllLines(directory.resolve("output").resolve(part))) {
                int tab = line.indexOf('\t');
                assertThat(counts.put(line.substring(0, tab), Long.parseLong(line.substring(tab + 1))))
                        .isNull();
            }
        }
        assertThat(counts).hasSize(WORDS).allSatisfy((word, count) -> assertThat(count)
                .isEqualTo(LINES / WORDS));
    }

    private static int mapsDone(JobHandle<?, ?> job) {
        return job.progress().stages().stream()
                .filter(stage -> stage.name().equals("map"))
                .mapToInt(JobProgress.Stage::done)
                .sum();
    }

    /** Paused for longer than the detector bears, awake for a moment, again and again. */
    private static void flap(Program program) {
        try {
            while (true) {
                program.signal("STOP");
                Thread.currentThread().join(5_000);
                program.signal("CONT");
                Thread.currentThread().join(1_000);
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The coordinator's own lines: the log of events says the same once more. */
    private static int joined(Program seed) throws IOException {
        return (int) seed.output()
                .lines()
                .filter(line -> line.contains("ClusterCoordinator") && line.contains("joined with 1 slots"))
                .count();
    }

    private static int count(Program program, String text) throws IOException {
        return program.output().split(java.util.regex.Pattern.quote(text), -1).length - 1;
    }

    private static Duration report(String what, long since) {
        Duration took = Duration.ofNanos(System.nanoTime() - since);
        System.out.println("MEASURED " + what + ": " + took.toMillis() + " ms");
        return took;
    }
}
