package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.Combiners;
import dev.sampo.api.Emitter;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducers;
import dev.sampo.cli.Main;
import dev.sampo.io.TextInput;
import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of processes, and the command line that submits a user's own jar to it over HTTP and goes away. */
class SubmitOverHttpIT {
    private static final String HOST = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** Exit codes of the command line. */
    private static final int OUTPUT_REFUSED = 5;

    private static final int UNKNOWN = 11;

    /** The seed works on 64 requests at once. */
    private static final int MORE_THAN_REQUESTS_AT_ONCE = 70;

    /** Of 20 kB and more in a result: what no socket buffers. */
    private static final int LINES = 1_600;

    private static final String SOURCE = """
            package own;
            import dev.sampo.api.*;
            import dev.sampo.io.*;
            import java.util.List;
            public class OwnWordCount implements JobProgram {
                @Override public JobSpec<?, ?> create(List<String> arguments) {
                    return JobSpec.named("own-word-count")
                        .read(TextInput.from(arguments.get(0)).asStrings())
                        .map(String.class, Long.class, (line, out) -> {
                            for (String word : line.split(" ")) {
                                out.emit(Words.of(word), 1L);
                            }
                        })
                        .combine(Combiners.sumLong())
                        .partitions(2)
                        .reduce(String.class, Long.class, Reducers.sumLong())
                        .writeTo(TextOutput.to(arguments.get(1)));
                }
            }
            class Words {
                static String of(String word) { return word.toLowerCase(); }
            }
            """;

    private static final List<Process> PROCESSES = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    static Path cluster = Path.of("");

    private static URI api = URI.create("http://" + HOST);

    @TempDir
    Path directory = Path.of("");

    @BeforeAll
    static void startCluster() throws Exception {
        int port = unusedPort();
        int http = unusedPort();
        api = URI.create("http://" + HOST + ":" + http);
        Path seed = start(
                "seed",
                SeedMain.class,
                "--host",
                HOST,
                "--port",
                "" + port,
                "--config",
                settings("seed", "sampo.http.port = " + http));
        awaitReady(seed);
        List<Path> workers = new ArrayList<>();
        for (int worker = 1; worker <= 2; worker++) {
            workers.add(start(
                    "worker-" + worker,
                    WorkerNode.class,
                    "--seed",
                    HOST + ":" + port,
                    "--host",
                    HOST,
                    "--slots",
                    "1",
                    "--config",
                    settings("worker-" + worker, "")));
        }
        for (Path worker : workers) {
            awaitReady(worker);
        }
    }

    @AfterAll
    static void killAll() {
        PROCESSES.forEach(Process::destroyForcibly);
    }

    @Test
    void anotherProcessAsksForTheResultOfASubmitterThatHasExited() throws Exception {
        Path input = Files.writeString(directory.resolve("input.txt"), "To be or not\nto be\n".repeat(1_000));
        Path output = directory.resolve("out");
        Path jar = OwnJar.compile(directory, "OwnWordCount", SOURCE);

        Outcome submitted = cli(
                "submit",
                "--id",
                "nightly",
                "--jar",
                jar.toString(),
                "--class",
                "own.OwnWordCount",
                "--",
                input.toString(),
                output.toString());
        assertThat(submitted.exitCode()).as(submitted.err()).isZero();
        assertThat(submitted.out()).isEqualTo("nightly\n");

        try (Sampo other = Sampo.connect(api, client());
                JobResult<byte[], byte[]> result = other.job("nightly").await()) {
            assertThat(result.parts()).hasSize(2);
            assertThat(result.counters().stage("map").recordsIn()).isEqualTo(2_000);
        }
        assertThat(counts(output)).isEqualTo(Map.of("to", 2_000L, "be", 2_000L, "or", 1_000L, "not", 1_000L));

        Outcome again = cli(
                "submit",
                "--id",
                "nightly",
                "--wait",
                "--json",
                "--jar",
                jar.toString(),
                "--class",
                "own.OwnWordCount",
                "--",
                input.toString(),
                output.toString());
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.out()).contains("\"id\":\"nightly\"", "\"state\":\"SUCCEEDED\"");

        Outcome another =
                cli("submit", "--id", "nightly", "word-count", "--input", input.toString(), "--output", output + "2");
        assertThat(another.exitCode()).as(another.err()).isEqualTo(UNKNOWN);
        assertThat(another.err()).contains("nightly");

        Outcome jobs = cli("jobs");
        assertThat(jobs.out()).contains("nightly", "own-word-count", "SUCCEEDED");
        Outcome nodes = cli("nodes", "--json");
        assertThat(nodes.out()).contains("\"worker\"", "\"coordinator\"");
        Outcome events = cli("events", "nightly");
        assertThat(events.exitCode()).as(events.err()).isZero();
        assertThat(events.out()).contains("JobSubmitted");
        assertThat(cli("job", "nobody").exitCode()).isEqualTo(UNKNOWN);
    }

    @Test
    void aCollectedResultIsStreamedToItsSubmitterAndToWhoeverKnowsItsId() throws Exception {
        Path input = Files.writeString(directory.resolve("input.txt"), "to be or not\nto be\n".repeat(100));
        JobSpec<String, Long> job = JobSpec.named("collected")
                .read(TextInput.from(input).asStrings())
                .map(String.class, Long.class, (String line, Emitter<String, Long> out) -> {
                    for (String word : line.split(" ", -1)) {
                        out.emit(word, 1L);
                    }
                })
                .combine(Combiners.sumLong())
                .partitions(2)
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
        Map<String, Long> expected = Map.of("to", 200L, "be", 200L, "or", 100L, "not", 100L);
        try (Sampo client = Sampo.connect(api, client());
                JobResult<String, Long> result =
                        client.submit("collected-1", job).await();
                Stream<Pair<String, Long>> records = result.records()) {
            assertThat(records.collect(Collectors.toMap(Pair::first, Pair::second)))
                    .isEqualTo(expected);
        }
        Outcome printed = cli("result", "collected-1", "--values", "long");
        assertThat(printed.exitCode()).as(printed.err()).isZero();
        assertThat(printed.out().lines()).containsExactlyInAnyOrder("to\t200", "be\t200", "or\t100", "not\t100");
    }

    @Test
    void theOutputOfAJobIsCommittedWhereItWasSubmitted() throws Exception {
        Path input = Files.writeString(directory.resolve("input.txt"), "To be or not\nto be\n");
        Path output = directory.resolve("out");
        String[] command = {
            "submit",
            "--fetch-output",
            "--ship-input",
            "--id",
            "fetched",
            "word-count",
            "--input",
            input.toString(),
            "--output",
            output.toString(),
            "--partitions",
            "2"
        };
        Outcome fetched = cli(command);
        assertThat(fetched.exitCode()).as(fetched.err()).isZero();
        assertThat(fetched.err()).contains("submitted fetched", "word-count: ");
        assertThat(visible(output)).containsExactly("_SUCCESS", "part-00000", "part-00001");
        assertThat(Files.readString(output.resolve("_SUCCESS"))).contains("\"fetched\"", "\"map\"");
        assertThat(counts(output)).isEqualTo(Map.of("To", 1L, "to", 1L, "be", 2L, "or", 1L, "not", 1L));

        try (Sampo other = Sampo.connect(api, client());
                JobResult<byte[], byte[]> followed = other.job("fetched").await()) {
            assertThat(followed.parts()).hasSize(2);
            assertThat(followed.duration()).isPositive();
            assertThatThrownBy(followed::records).hasMessageContaining("parts for its submitter to fetch");
        }
        Outcome printed = cli("result", "fetched");
        assertThat(printed.exitCode()).as(printed.err()).isEqualTo(UNKNOWN);
        assertThat(printed.err()).contains("job fetched has no records to print", "expected --raw");

        command[4] = "another";
        Outcome again = cli(command);
        assertThat(again.exitCode()).as(again.err()).isEqualTo(OUTPUT_REFUSED);
        assertThat(again.err()).contains(output.toString());
        assertThat(cli("job", "another").exitCode())
                .as("told before it is submitted")
                .isEqualTo(UNKNOWN);
    }

    @Tag("slow")
    @Test
    void clientsThatDisconnectInMidDownloadLeaveNothingOpenAtTheSeed() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")));
        Path input = Files.writeString(directory.resolve("input.txt"), "line\n".repeat(LINES));
        JobSpec<String, Long> job = JobSpec.named("large-result")
                .read(TextInput.from(input).asStrings())
                .map(String.class, Long.class, (String line, Emitter<String, Long> out) -> {
                    StringBuilder word = new StringBuilder(UUID.randomUUID().toString());
                    while (word.length() < 20_000) {
                        word.append(word);
                    }
                    out.emit(word.toString(), 1L);
                })
                .partitions(1)
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
        try (Sampo client = Sampo.connect(api, client());
                JobResult<String, Long> result = client.submit("large-1", job).await()) {
            assertThat(result.counters().stage("map").recordsOut()).isEqualTo(LINES);
        }
        int before = openFilesOfSeed();
        List<Socket> readers = new ArrayList<>();
        for (int reader = 0; reader < MORE_THAN_REQUESTS_AT_ONCE; reader++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.getPort());
            readers.add(socket);
            socket.getOutputStream()
                    .write("GET /v1/jobs/large-1/result HTTP/1.1\r\nHost: x\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(1_000)).asString().startsWith("HTTP/1.1 200 ");
        }
        assertThat(openFilesOfSeed()).as("in mid-download").isEqualTo(before + MORE_THAN_REQUESTS_AT_ONCE);

        for (Socket reader : readers) {
            reader.close();
        }

        await().atMost(LIMIT).untilAsserted(() -> assertThat(openFilesOfSeed()).isEqualTo(before));
        Outcome printed = cli("result", "large-1", "--values", "long");
        assertThat(printed.exitCode()).as(printed.err()).isZero();
        assertThat(printed.out().lines().distinct()).hasSize(LINES);
    }

    /** Counts what the seed has open in its directory. */
    private static int openFilesOfSeed() throws IOException {
        int open = 0;
        try (Stream<Path> descriptors =
                Files.list(Path.of("/proc/" + PROCESSES.get(0).pid() + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    open += Files.readSymbolicLink(descriptor).startsWith(cluster.resolve("seed")) ? 1 : 0;
                } catch (NoSuchFileException e) {
                    // closed just now
                }
            }
        }
        return open;
    }

    private static List<String> visible(Path output) throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("part-") || name.equals("_SUCCESS"))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, Long> counts(Path output) throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path part : files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .toList()) {
                Files.readAllLines(part)
                        .forEach(line -> counts.put(line.split("\t")[0], Long.valueOf(line.split("\t")[1])));
            }
        }
        return counts;
    }

    /**
     * What a command did.
     *
     * @param exitCode its exit code
     * @param out what it printed on stdout
     * @param err what it printed on stderr
     */
    private record Outcome(int exitCode, String out, String err) {}

    /** Runs the command line as a process of its own. */
    private Outcome cli(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(arguments[0], "--seed", api.toString()));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        Path out = Files.createTempFile(directory, "cli", ".out");
        Path err = Files.createTempFile(directory, "cli", ".err");
        Process process = new ProcessBuilder(java(Main.class, command))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        PROCESSES.add(process);
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(() -> command + " ends")
                .isTrue();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static Path start(String name, Class<?> main, String... arguments) throws IOException {
        Path log = cluster.resolve(name + ".log");
        PROCESSES.add(new ProcessBuilder(java(main, List.of(arguments)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        return log;
    }

    private static void awaitReady(Path log) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(Files.readString(log)).contains(" is ready at "));
    }

    private static List<String> java(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(arguments);
        return command;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Pekko's test kits are on the class path, and older than the engine's Pekko. */
    private static String settings(String name, String more) throws IOException {
        return Files.writeString(
                        cluster.resolve(name + ".conf"),
                        "pekko.fail-mixed-versions = off\nsampo.temp-dir = \"" + cluster.resolve(name) + "\"\n" + more
                                + "\n")
                .toString();
    }

    private static Config client() {
        return ConfigFactory.parseString("sampo.client.silence-limit = 60s");
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
