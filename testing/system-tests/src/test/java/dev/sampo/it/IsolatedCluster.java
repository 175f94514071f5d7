package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sampo.cli.Main;
import dev.sampo.it.Programs.Program;
import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A seed and workers on hosts of a network of their own, and a host from which jobs are submitted over HTTP by the command
 * line. Nothing of it listens on loopback. Linux, and root, only.
 */
final class IsolatedCluster implements AutoCloseable {
    static final int CLUSTER_PORT = 25520;
    static final int DATA_PORT = 25521;
    static final int HTTP_PORT = 25580;

    /** The host of the seed. */
    static final String SEED = "seed";

    /** The host from which jobs are submitted. */
    static final String CLIENT = "cli";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the network is protected with. */
    enum Wire {
        /** Certificates for every port, and tokens for the API. */
        SECURED,
        /** Nothing. */
        PLAIN
    }

    private final Path directory;
    private final Wire wire;
    private final NamespaceHosts hosts;
    private final Programs programs;
    private final Path tokenFile;
    private final List<String> settings;

    /**
     * Makes the network, and certificates and a token for it, and starts nothing.
     *
     * @param directory for settings, certificates and logs; every host sees it
     * @param workers names of hosts, of at most 4 characters
     * @param settings lines of HOCON for all nodes
     */
    IsolatedCluster(Path directory, Wire wire, List<String> workers, String... settings) throws Exception {
        this.directory = directory;
        this.wire = wire;
        this.tokenFile = directory.resolve("token");
        List<String> names = new ArrayList<>(List.of(SEED, CLIENT));
        names.addAll(workers);
        this.settings = List.of(settings);
        this.hosts = NamespaceHosts.of(names.toArray(String[]::new));
        this.programs = new Programs(directory, "sampo.cluster.data-port = " + DATA_PORT);
        if (wire == Wire.SECURED) {
            try {
                makeCertificates(directory.resolve("certs"), names);
                String token = succeed("token", "--role", "submit", "--name", "test", "--file", tokens());
                Files.writeString(tokenFile, token);
            } catch (Throwable e) {
                close();
                throw e;
            }
        }
    }

    /** Makes certificates of a CA of its own for hosts, with the command line. */
    void makeCertificates(Path certificates, List<String> names) throws Exception {
        List<String> certs = new ArrayList<>(List.of("certs", "--out", certificates.toString()));
        for (String name : names) {
            certs.addAll(List.of("--node", name + ":" + hosts.address(name)));
        }
        succeed(certs.toArray(String[]::new));
    }

    private String tokens() {
        return directory.resolve("tokens.conf").toString();
    }

    NamespaceHosts hosts() {
        return hosts;
    }

    /** Starts the seed, and returns when it is up. */
    Program startSeed(UnaryOperator<List<String>> disk) throws IOException {
        List<String> own = own(SEED, directory.resolve("certs"));
        own.add("sampo.http.host = " + hosts.address(SEED));
        if (wire == Wire.SECURED) {
            own.add("sampo.security.api.tokens-file = \"" + tokens() + "\"");
        }
        Program seed = programs.start(
                command -> hosts.on(SEED, disk.apply(command)),
                hosts.address(SEED),
                own,
                SeedMain.class,
                "--port",
                "" + CLUSTER_PORT,
                "--http-port",
                "" + HTTP_PORT);
        seed.awaitReady();
        return seed;
    }

    /** Starts a worker with one slot, with its certificate of the cluster's CA. */
    Program startWorker(String host, UnaryOperator<List<String>> disk) throws IOException {
        return startWorker(host, disk, directory.resolve("certs"));
    }

    /** Starts a worker with one slot. */
    Program startWorker(String host, UnaryOperator<List<String>> disk, Path certificates) throws IOException {
        return programs.start(
                command -> hosts.on(host, disk.apply(command)),
                hosts.address(host),
                own(host, certificates),
                WorkerMain.class,
                "--port",
                "" + CLUSTER_PORT,
                "--slots",
                "1",
                "--seed",
                hosts.address(SEED) + ":" + CLUSTER_PORT);
    }

    private List<String> own(String host, Path certificates) {
        List<String> own = new ArrayList<>(settings);
        if (wire == Wire.PLAIN) {
            own.add("sampo.security.allow-insecure = true");
        } else {
            own.add("sampo.security.tls.certificate = \"" + certificates.resolve(host + ".pem") + "\"");
            own.add("sampo.security.tls.key = \"" + certificates.resolve(host + "-key.pem") + "\"");
            own.add("sampo.security.tls.ca = \"" + certificates.resolve("ca.pem") + "\"");
        }
        return own;
    }

    /**
     * What a command did.
     *
     * @param exitCode its exit code
     * @param out what it printed on stdout
     * @param err what it printed on stderr
     */
    record Outcome(int exitCode, String out, String err) {
        void assertSuccess() {
            assertThat(exitCode).as(err).isZero();
        }
    }

    /** Runs a command of the command line on this machine's own network, that must succeed. Returns what it printed. */
    String succeed(String... arguments) throws Exception {
        Outcome outcome = run(command -> command, List.of(arguments));
        outcome.assertSuccess();
        return outcome.out();
    }

    /** Runs a command of the command line that asks the seed, on the client's host. */
    Outcome ask(String command, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(command, "--seed", url()));
        if (wire == Wire.SECURED) {
            all.addAll(List.of("--ca", directory.resolve("certs/ca.pem").toString()));
            all.addAll(List.of("--token-file", tokenFile.toString()));
        }
        all.addAll(List.of(arguments));
        return run(line -> hosts.on(CLIENT, line), all);
    }

    private Outcome run(UnaryOperator<List<String>> elsewhere, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(arguments);
        Path out = Files.createTempFile(directory, "cli", ".out");
        Path err = Files.createTempFile(directory, "cli", ".err");
        Process process = new ProcessBuilder(elsewhere.apply(command))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(Programs.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> arguments + " ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    String url() {
        return (wire == Wire.SECURED ? "https://" : "http://") + hosts.address(SEED) + ":" + HTTP_PORT;
    }

    /** Returns the answer of the seed to a command that prints JSON. */
    JsonNode askJson(String command, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        Outcome outcome = ask(command, all.toArray(String[]::new));
        outcome.assertSuccess();
        return JSON.readTree(outcome.out());
    }

    /** Returns how many events of a type, of attempts on the host of a worker, a job has had. */
    long attempts(String job, String type, String host) throws Exception {
        return events(job, type)
                .filter(event -> event.path("node").asText().contains("@" + hosts.address(host) + ":"))
                .count();
    }

    /** Returns the events of a type that a job has had. */
    Stream<JsonNode> events(String job, String type) throws Exception {
        Outcome outcome = ask("events", job, "--json");
        outcome.assertSuccess();
        List<JsonNode> found = new ArrayList<>();
        for (String line : outcome.out().lines().toList()) {
            found.add(JSON.readTree(line));
        }
        return found.stream().filter(event -> event.path("type").asText().equals(type));
    }

    /** Waits until the seed knows so many workers that are up. */
    void awaitWorkers(int workers) {
        await().atMost(Programs.LIMIT).untilAsserted(() -> assertThat(workers()).isEqualTo(workers));
    }

    private long workers() throws Exception {
        long found = 0;
        for (JsonNode node : askJson("nodes").path("nodes")) {
            found += node.path("slots").asInt() > 0 ? 1 : 0;
        }
        return found;
    }

    /** Asserts that two directories hold the same parts, byte by byte, and at least one byte of them. */
    static void assertSameParts(Path actual, Path expected) throws IOException {
        List<String> names = parts(expected);
        assertThat(parts(actual)).as("parts of %s", actual).isEqualTo(names);
        long bytes = 0;
        for (String name : names) {
            bytes += Files.size(expected.resolve(name));
            assertThat(Files.mismatch(actual.resolve(name), expected.resolve(name)))
                    .as("first byte in which %s differs from %s", actual.resolve(name), expected.resolve(name))
                    .isEqualTo(-1);
        }
        assertThat(bytes).isPositive();
    }

    private static List<String> parts(Path output) throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("part-"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        programs.close();
        hosts.close();
    }
}
