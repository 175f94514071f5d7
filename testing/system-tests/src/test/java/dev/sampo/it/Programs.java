package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Node programs as processes of their own, to which signals can be sent. */
final class Programs implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    /** Two cores start several JVMs, beside whatever else runs. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Pattern READY = Pattern.compile("Sampo (seed|worker) \\S+ is ready at (\\S+), cluster sampo");

    private final Path directory;
    private final List<String> settings;
    private final List<Program> started = new ArrayList<>();

    /**
     * Starts nothing yet.
     *
     * @param settings lines of HOCON for all nodes
     */
    Programs(Path directory, String... settings) {
        this.directory = directory;
        this.settings = List.of(settings);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Program start(Class<?> main, String... arguments) throws IOException {
        return start(command -> command, HOST, main, arguments);
    }

    /**
     * Starts a program.
     *
     * @param elsewhere makes of a command one that runs it elsewhere, such as in a network namespace
     * @param host where the node listens there
     */
    Program start(UnaryOperator<List<String>> elsewhere, String host, Class<?> main, String... arguments)
            throws IOException {
        return start(elsewhere, host, List.of(), main, arguments);
    }

    /**
     * Starts a program.
     *
     * @param elsewhere makes of a command one that runs it elsewhere, such as in a network namespace
     * @param host where the node listens there
     * @param own lines of HOCON for this node, which go over those for all
     */
    Program start(
            UnaryOperator<List<String>> elsewhere, String host, List<String> own, Class<?> main, String... arguments)
            throws IOException {
        Path file = directory.resolve(own.isEmpty() ? "node.conf" : "node-" + started.size() + ".conf");
        if (!Files.exists(file)) {
            List<String> lines = new ArrayList<>(settings);
            // Pekko's test kits are on the class path, and older than the engine's Pekko.
            lines.add("pekko.fail-mixed-versions = off");
            lines.add("sampo.http.port = 0");
            lines.add("sampo.temp-dir = \"" + directory.resolve("temp") + "\"");
            lines.addAll(own);
            Files.write(file, lines);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dsampo.worker.jvm-options=-Xmx256m\n-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName(),
                "--config",
                file.toString(),
                "--host",
                host));
        command.addAll(List.of(arguments));
        Path log = directory.resolve(main.getSimpleName() + "-" + started.size() + ".log");
        Process process = new ProcessBuilder(elsewhere.apply(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Program program = new Program(process, log);
        started.add(program);
        return program;
    }

    @Override
    public void close() {
        started.forEach(program -> {
            program.process.destroyForcibly();
            program.process.descendants().forEach(ProcessHandle::destroyForcibly);
        });
    }

    /** A running program and what it has said. */
    record Program(Process process, Path log) {
        String output() throws IOException {
            return Files.readString(log);
        }

        void awaitOutput(String text) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(output()).contains(text));
        }

        /** Waits until the node is a member, and returns its host and port. */
        String awaitReady() throws IOException {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(output()).containsPattern(READY));
            Matcher matcher = READY.matcher(output());
            assertThat(matcher.find()).isTrue();
            return matcher.group(2);
        }

        /** As {@code kill -9}: returns when the process is gone. */
        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        /** Returns the process that is the node: a worker's has a small parent, which started first. */
        ProcessHandle node() {
            return process.descendants().reduce((first, last) -> last).orElse(process.toHandle());
        }

        /** Sends STOP or CONT to the node. */
        void signal(String name) throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(node().pid()))
                    .inheritIO()
                    .start();
            assertThat(kill.waitFor()).isZero();
        }
    }
}
