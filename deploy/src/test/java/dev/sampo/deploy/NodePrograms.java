package dev.sampo.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Nodes as processes, started from the jars as they are distributed. Each has a loopback address of its own. */
final class NodePrograms implements AutoCloseable {
    static final Duration LIMIT = Duration.ofMinutes(3);
    static final String SEED = "dev.sampo.seed.SeedMain";
    static final String WORKER = "dev.sampo.worker.WorkerNode";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path LIBRARIES = Path.of("../cli/target/dist/lib");

    /** A part of 127.0.0.0/8 for this process, so that nodes can have the ports that they have in pods. */
    private static final String NETWORK = "127." + (10 + ProcessHandle.current().pid() / 200 % 200) + "."
            + (10 + ProcessHandle.current().pid() % 200) + ".";

    private final Path directory;
    private final List<String> settings;
    private final Map<String, String> environment;
    private final List<Process> started = new ArrayList<>();

    /**
     * Starts nothing yet.
     *
     * @param settings lines of HOCON for all nodes
     */
    NodePrograms(Path directory, List<String> settings, Map<String, String> environment) {
        this.directory = directory;
        this.settings = List.copyOf(settings);
        this.environment = Map.copyOf(environment);
    }

    static String address(int node) {
        return NETWORK + node;
    }

    /** Waits until a seed knows these nodes, itself included, and no others. */
    static void awaitMembers(int seed, int... nodes) {
        List<String> expected =
                Arrays.stream(nodes).mapToObj(node -> address(node) + ":25520").toList();
        await().atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> assertThat(members(seed)).isEqualTo(expected));
    }

    /** Returns the addresses of all nodes as a seed knows them, in order. */
    private static List<String> members(int seed) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://" + address(seed) + ":25580/v1/nodes"))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("the seed answers " + answer.statusCode() + ": " + answer.body());
        }
        TreeSet<String> addresses = new TreeSet<>();
        for (JsonNode node : JSON.readTree(answer.body()).get("nodes")) {
            addresses.add(node.get("address").asText());
        }
        return List.copyOf(addresses);
    }

    /** Starts a node at its address. */
    Node start(int number, String main, String... arguments) throws IOException {
        Path file = directory.resolve("node-" + number + ".conf");
        List<String> lines = new ArrayList<>(settings);
        lines.add("sampo.http.host = \"" + address(number) + "\"");
        lines.add("sampo.temp-dir = \"" + directory.resolve("temp-" + number) + "\"");
        Files.write(file, lines);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                main,
                "--config",
                file.toString(),
                "--host",
                address(number),
                "--port",
                "25520",
                "--join-timeout",
                Long.toString(LIMIT.toSeconds())));
        command.addAll(List.of(arguments));
        Path log = directory.resolve("node-" + number + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return new Node(process, log);
    }

    private static String classPath() throws IOException {
        try (Stream<Path> jars = Files.list(LIBRARIES)) {
            return String.join(
                    ":",
                    jars.map(Path::toString)
                            .filter(name -> name.endsWith(".jar"))
                            .sorted()
                            .toList());
        }
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }

    /**
     * A node.
     *
     * @param process its process
     * @param log what it has said
     */
    record Node(Process process, Path log) {
        String said() throws IOException {
            return Files.readString(log);
        }

        int exitCode() throws IOException, InterruptedException {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("it ends; so far: " + said())
                    .isTrue();
            return process.exitValue();
        }
    }
}
