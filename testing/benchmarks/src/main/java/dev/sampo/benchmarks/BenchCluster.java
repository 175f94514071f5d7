package dev.sampo.benchmarks;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A seed and workers of one slot each, as processes, with a client in this JVM. */
final class BenchCluster implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private final Path directory;
    private final NodeOptions options;
    private final List<Node> nodes = new CopyOnWriteArrayList<>();
    private final String seed;
    private final Sampo client;

    /** Starts a seed, waits for it and for as many workers, and joins. */
    BenchCluster(NodeOptions options, int workers) throws IOException, InterruptedException {
        this.options = options;
        this.directory = Files.createTempDirectory("sampo-bench-");
        // a benchmark that is stopped by a signal leaves no nodes behind
        Runtime.getRuntime().addShutdownHook(new Thread(() -> nodes.forEach(Node::close), "sampo-bench-end"));
        Files.write(
                directory.resolve("node.conf"),
                List.of("sampo.http.port = 0", "sampo.temp-dir = \"" + directory.resolve("temp") + "\""));
        List<String> command = java("seed", jvm("seed"));
        command.addAll(List.of(SeedMain.class.getName(), "--host", HOST, "--port", "0", "--config", configuration()));
        Node first = Node.start("seed", command, directory);
        nodes.add(first);
        this.seed = first.awaitReady();
        for (int worker = 0; worker < workers; worker++) {
            startWorker();
        }
        for (Node node : List.copyOf(nodes)) {
            node.awaitReady();
        }
        this.client = Sampo.join(ConfigFactory.parseMap(Map.of(
                "sampo.cluster.seeds",
                seed,
                "sampo.cluster.port",
                0,
                "sampo.temp-dir",
                directory.resolve("client").toString())));
    }

    /** Starts one more worker and does not wait for it. */
    Node startWorker() throws IOException {
        return startWorker(List.of());
    }

    /**
     * Starts one more worker and does not wait for it.
     *
     * @param extra options of its JVM
     */
    Node startWorker(List<String> extra) throws IOException {
        String name = "worker-" + nodes.size();
        List<String> command = java(name, List.of());
        List<String> jvm = jvm(name);
        jvm.addAll(extra);
        command.add(1, "-Dsampo.worker.jvm-options=" + String.join("\n", jvm));
        command.addAll(List.of(
                WorkerMain.class.getName(),
                "--host",
                HOST,
                "--seed",
                seed,
                "--slots",
                "1",
                "--config",
                configuration()));
        Node node = Node.start(name, command, directory);
        nodes.add(node);
        return node;
    }

    private String configuration() {
        return directory.resolve("node.conf").toString();
    }

    private List<String> jvm(String name) {
        List<String> jvm = new ArrayList<>(
                List.of("-Xmx" + options.heap, "-XX:+UseSerialGC", Node.collectionLog(name, directory)));
        if (options.recordings != null) {
            jvm.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + options.recordings.resolve(name + ".jfr"));
        }
        return jvm;
    }

    private static List<String> java(String name, List<String> jvm) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(jvm);
        command.add("-Dsampo.bench.node=" + name);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }

    Sampo client() {
        return client;
    }

    /** Returns a directory for files of the benchmark, removed at the end. */
    Path directory() {
        return directory;
    }

    /** Returns the nodes, the seed first. */
    List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** Returns the time that the processors have spent on all nodes. */
    Duration processorTime() {
        return nodes.stream().map(Node::processorTime).reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() throws IOException {
        client.close();
        for (Node node : nodes) {
            if (options.recordings != null) {
                node.life().destroy(); // in order, for a recording is written at the end
                node.life().onExit().join();
            }
            node.close();
        }
        if (!options.keep) {
            delete(directory);
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
