package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerMain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the node programs as processes, as an operator does, and looks at their exit codes and last words. */
class NodeProgramsIT {
    private static final String HOST = "127.0.0.1";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("Sampo (seed|worker) \\S+ is ready at (\\S+), cluster sampo");

    /** By SIGTERM, as the JVM reports it. */
    private static final int TERMINATED = 143;

    private final List<Program> programs = new ArrayList<>();

    @TempDir
    Path directory = Path.of("");

    @AfterEach
    void killAll() {
        programs.forEach(program -> program.process.destroyForcibly());
    }

    @Test
    void aWorkerJoinsAndLeavesInOrderOnSigterm() throws Exception {
        Program seed = start(SeedMain.class, "--host", HOST, "--port", "0", "--config", settings());
        String address = seed.awaitReady();
        Program worker =
                start(WorkerMain.class, "--seed", address, "--host", HOST, "--slots", "1", "--config", settings());
        worker.awaitReady();
        seed.awaitOutput("joined with 1 slots");

        worker.process.destroy();

        assertThat(worker.exitCode()).isEqualTo(TERMINATED);
        assertThat(worker.output()).contains("The worker leaves the cluster").doesNotContain("did not leave in order");
        seed.awaitOutput("Leader is removing confirmed Exiting node");
        assertThat(filesIn(directory.resolve("temp")))
                .as("a worker leaves no files behind; the seed still has its own")
                .hasSize(1);
        seed.process.destroy();
        assertThat(seed.exitCode()).isEqualTo(TERMINATED);
    }

    @Test
    void aWorkerWithoutASeedSaysSo() throws Exception {
        Program nobody = start(WorkerMain.class, "--host", HOST);
        assertThat(nobody.exitCode()).as("wrong settings are not tried again").isEqualTo(2);
        assertThat(nobody.output()).contains("no seed to join; expected --seed HOST:PORT");

        Program dead = start(
                WorkerMain.class, "--seed", HOST + ":" + unusedPort(), "--join-timeout", "3", "--config", settings());
        assertThat(dead.exitCode()).isEqualTo(3);
        assertThat(dead.output()).contains("could not join within PT3S");
    }

    @Test
    void wrongOptionsAndSettingsEndWithCodeTwo() throws Exception {
        Program option = start(SeedMain.class, "--prot", "1");
        assertThat(option.exitCode()).isEqualTo(2);
        assertThat(option.output()).contains("--prot").contains("Usage: sampo-seed");

        Path file =
                Files.writeString(directory.resolve("wrong.conf"), "sampo.slotz = 3\nsampo.task.max-attempts = 0\n");
        Program setting = start(WorkerMain.class, "--seed", HOST + ":1", "--config", file.toString());
        assertThat(setting.exitCode()).isEqualTo(2);
        assertThat(setting.output()).contains("slotz").contains("max-attempts").contains("wrong.conf:1");

        Program missing = start(
                SeedMain.class, "--config", directory.resolve("missing.conf").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.output()).contains("missing.conf");
    }

    @Test
    void aWorkerOfAnotherClusterIsToldSo() throws Exception {
        Program seed = start(SeedMain.class, "--host", HOST, "--port", "0", "--config", settings());
        String address = seed.awaitReady();
        Path file = Files.writeString(
                directory.resolve("other.conf"),
                "include \"node.conf\"\nsampo.cluster.name = other\nsampo.slots = 1\n");
        Program worker = start(WorkerMain.class, "--seed", address, "--host", HOST, "--config", file.toString());
        assertThat(worker.exitCode()).isEqualTo(2);
        assertThat(worker.output())
                .contains("the name of the cluster is other here and sampo at the other node; expected the same")
                .contains("The worker was refused by the seeds");
    }

    @Tag("slow")
    @Test
    void aWorkerThatIsKilledIsBackAtItsAddressAndItsFilesAreGone() throws Exception {
        Program seed = start(SeedMain.class, "--host", HOST, "--port", "0", "--config", settings());
        String seedAddress = seed.awaitReady();
        Program worker = start(
                WorkerMain.class,
                "--seed",
                seedAddress,
                "--host",
                HOST,
                "--slots",
                "1",
                "--label",
                "zone=a",
                "--config",
                settings());
        String address = worker.awaitReady();
        seed.awaitOutput("joined with 1 slots");
        List<Path> before = filesIn(directory.resolve("temp"));

        ProcessHandle life = worker.process.children().findFirst().orElseThrow();
        awaitKnownToItsParent(address);
        life.destroyForcibly();

        seed.awaitOutput("its process ended: exit code 137");
        worker.awaitOutput("the node at " + address + " died with exit code 137; starts it again");
        await().atMost(START)
                .untilAsserted(() -> assertThat(worker.output().split("is ready at " + address))
                        .as(worker.output())
                        .hasSizeGreaterThan(2));
        List<Path> after = filesIn(directory.resolve("temp"));
        assertThat(after).as("one of the seed and one of the worker").hasSize(2).isNotEqualTo(before);
        worker.process.destroy();
        assertThat(worker.exitCode()).isEqualTo(TERMINATED);
        assertThat(filesIn(directory.resolve("temp"))).hasSize(1);
    }

    @Tag("slow")
    @Test
    void aNodeEndsWhenItsParentIsKilled() throws Exception {
        Program seed = start(SeedMain.class, "--host", HOST, "--port", "0", "--config", settings());
        Program worker = start(WorkerMain.class, "--seed", seed.awaitReady(), "--host", HOST, "--config", settings());
        worker.awaitReady();
        ProcessHandle life = worker.process.children().findFirst().orElseThrow();

        worker.process.destroyForcibly();

        life.onExit().get(START.toSeconds(), TimeUnit.SECONDS);
        worker.awaitOutput("The parent process is gone; the node ends too");
        seed.awaitOutput("Leader is removing confirmed Exiting node");
    }

    @Test
    void twoSeedsAreRefusedWithTheReason() throws Exception {
        Program seed = start(SeedMain.class, "--host", HOST, "--seed", HOST + ":25520," + HOST + ":25521");
        assertThat(seed.exitCode()).isEqualTo(2);
        assertThat(seed.output())
                .contains(
                        "sampo.cluster.seeds: [127.0.0.1:25520, 127.0.0.1:25521]; expected one seed, or three or more");
    }

    @Tag("slow")
    @Test
    void threeSeedsWithOneListFormOneCluster() throws Exception {
        List<Integer> ports = List.of(unusedPort(), unusedPort(), unusedPort());
        String list = HOST + ":" + ports.get(0) + ",localhost:" + ports.get(1) + "," + HOST + ":" + ports.get(2);
        List<Program> seeds = new ArrayList<>();
        for (int port : ports) {
            seeds.add(
                    start(SeedMain.class, "--host", HOST, "--port", "" + port, "--seed", list, "--config", settings()));
        }
        for (Program seed : seeds) {
            seed.awaitReady();
        }
        long formed = 0;
        for (Program seed : seeds) {
            formed += seed.output().contains("forming new cluster") ? 1 : 0;
        }
        assertThat(formed).isEqualTo(1);
    }

    @Test
    void aPortThatIsTakenEndsWithCodeTwo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Program seed =
                    start(SeedMain.class, "--host", HOST, "--port", "" + taken.getLocalPort(), "--config", settings());
            assertThat(seed.exitCode()).isEqualTo(2);
            assertThat(seed.output()).contains("The seed cannot listen").contains("" + taken.getLocalPort());
        }
    }

    @Test
    void helpAndVersionAreNoErrors() throws Exception {
        Program help = start(WorkerMain.class, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).contains("--memory=SIZE").contains("5   the others went on without it");
        Program version = start(SeedMain.class, "--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.output()).contains("sampo-seed ");
    }

    /** Pekko's test kits are on the class path, and older than the engine's Pekko. */
    private String settings() throws IOException {
        Path file = directory.resolve("node.conf");
        Files.writeString(
                file,
                "pekko.fail-mixed-versions = off\nsampo.http.port = 0\nsampo.temp-dir = \"" + directory.resolve("temp")
                        + "\"\n");
        return file.toString();
    }

    /** Waits until the node at the address has told its parent as what the coordinator knows it. */
    private static void awaitKnownToItsParent(String address) {
        Path temp = Path.of(System.getProperty("java.io.tmpdir"));
        String port = address.substring(address.lastIndexOf(':') + 1);
        await().atMost(START).ignoreExceptions().until(() -> {
            try (Stream<Path> parents = Files.list(temp)) {
                for (Path report : parents.map(parent -> parent.resolve("report"))
                        .filter(Files::isRegularFile)
                        .toList()) {
                    String text = Files.readString(report);
                    if (text.matches("(?s).*address=\\S*" + port + "\\s.*") && text.matches("(?s).*seed-data=\\S.*")) {
                        return true;
                    }
                }
                return false;
            }
        });
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    private Program start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dsampo.worker.jvm-options=-Xmx256m\n-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        Path log = directory.resolve(main.getSimpleName() + "-" + programs.size() + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Program program = new Program(process, log);
        programs.add(program);
        return program;
    }

    /** A running program and what it has said. */
    private record Program(Process process, Path log) {
        String output() throws IOException {
            return Files.readString(log);
        }

        int exitCode() throws InterruptedException, IOException {
            assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS))
                    .as("it ends; so far: " + output())
                    .isTrue();
            return process.exitValue();
        }

        void awaitOutput(String text) {
            await().atMost(START).untilAsserted(() -> assertThat(output()).contains(text));
        }

        /** Waits until the node is a member, and returns its host and port. */
        String awaitReady() throws IOException {
            await().atMost(START).untilAsserted(() -> assertThat(output()).containsPattern(READY));
            Matcher matcher = READY.matcher(output());
            assertThat(matcher.find()).isTrue();
            return matcher.group(2);
        }
    }
}
