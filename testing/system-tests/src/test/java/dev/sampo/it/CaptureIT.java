package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampo.it.IsolatedCluster.Outcome;
import dev.sampo.it.IsolatedCluster.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who taps the network of a cluster. Only root may make networks, and tap them. */
@Tag("slow")
class CaptureIT {
    private static final List<String> WORKERS = List.of("w1", "w2");
    private static final int LINES = 20_000;

    /** In every key and every value. Not in any name, so that nothing but the data can show it. */
    private static final String MARKER = "Quetzalcoatlus";

    /** What is on none of the ports. */
    private static final String OTHER = "other";

    /** All traffic, by port. */
    private static final Map<String, String> FILTERS = new LinkedHashMap<>();

    static {
        FILTERS.put("cluster", "tcp port " + IsolatedCluster.CLUSTER_PORT);
        FILTERS.put("data", "tcp port " + IsolatedCluster.DATA_PORT);
        FILTERS.put("http", "tcp port " + IsolatedCluster.HTTP_PORT);
        FILTERS.put(
                OTHER,
                "not tcp port " + IsolatedCluster.CLUSTER_PORT + " and not tcp port " + IsolatedCluster.DATA_PORT
                        + " and not tcp port " + IsolatedCluster.HTTP_PORT);
    }

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void namespacesAndTcpdumpAreThere() throws Exception {
        assumeTrue(NamespaceHosts.areAvailable());
        assumeTrue(
                new ProcessBuilder("sh", "-c", "command -v tcpdump >/dev/null")
                                .start()
                                .waitFor()
                        == 0,
                "no tcpdump");
    }

    @Test
    void withTlsNoPortShowsTheData() throws Exception {
        Map<String, byte[]> seen = trafficOfAJob(Wire.SECURED);

        assertThat(seen).hasSize(FILTERS.size());
        seen.forEach((port, bytes) -> {
            if (!port.equals(OTHER)) {
                assertThat(bytes).as("traffic of port %s", port).hasSizeGreaterThan(LINES);
            }
            assertThat(contains(bytes)).as("port %s shows the data", port).isFalse();
        });
    }

    @Test
    void withoutTlsEveryPortShowsIt() throws Exception {
        Map<String, byte[]> seen = trafficOfAJob(Wire.PLAIN);

        assertThat(seen).hasSize(FILTERS.size());
        seen.forEach((port, bytes) -> {
            if (!port.equals(OTHER)) {
                assertThat(contains(bytes)).as("port %s shows the data", port).isTrue();
            }
        });
    }

    /** Sorts lines that travel with their job to workers and back. Returns the captured packets by port. */
    private Map<String, byte[]> trafficOfAJob(Wire wire) throws Exception {
        Path input = directory.resolve("lines.txt");
        Files.write(input, lines());
        Path output = directory.resolve("out");
        Map<String, Path> files = new LinkedHashMap<>();
        try (IsolatedCluster cluster = new IsolatedCluster(directory, wire, WORKERS)) {
            List<Process> captures = new ArrayList<>();
            try {
                for (Map.Entry<String, String> filter : FILTERS.entrySet()) {
                    Path file = directory.resolve(filter.getKey() + ".pcap");
                    files.put(filter.getKey(), file);
                    captures.add(capture(cluster, file, filter.getValue()));
                }
                cluster.startSeed(UnaryOperator.identity());
                for (String worker : WORKERS) {
                    cluster.startWorker(worker, UnaryOperator.identity());
                }
                cluster.awaitWorkers(WORKERS.size());
                Outcome sorted = cluster.ask(
                        "submit",
                        "--fetch-output",
                        "--ship-input",
                        "--id",
                        "tapped",
                        "sort",
                        "--partitions",
                        "2",
                        "-D",
                        "sampo.input.split-size=64KiB",
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString());
                sorted.assertSuccess();
                for (String worker : WORKERS) {
                    assertThat(cluster.attempts("tapped", "AttemptSucceeded", worker))
                            .as("attempts on %s", worker)
                            .isPositive();
                }
            } finally {
                for (Process capture : captures) {
                    capture.destroy(); // SIGTERM: it writes what it has
                    assertThat(capture.waitFor(Programs.LIMIT.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                }
            }
        }
        Map<String, byte[]> seen = new LinkedHashMap<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            assertThat(Files.readString(log(file.getValue())))
                    .as("nothing went by unseen")
                    .contains("\n0 packets dropped by kernel");
            seen.put(file.getKey(), Files.readAllBytes(file.getValue()));
        }
        return seen;
    }

    private static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < LINES; line++) {
            lines.add(MARKER + "-" + Integer.toString((line * 7_919) % LINES, Character.MAX_RADIX) + " is " + MARKER);
        }
        return lines;
    }

    private static Process capture(IsolatedCluster cluster, Path file, String filter) throws IOException {
        Path log = log(file);
        Process capture = new ProcessBuilder(cluster.hosts()
                        .onSwitch(List.of(
                                "tcpdump",
                                "-i",
                                "br0",
                                "-U",
                                "-n",
                                "-B",
                                "65536",
                                "-Z",
                                "root",
                                "-w",
                                file.toString(),
                                filter)))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await().atMost(Programs.LIMIT)
                .untilAsserted(() -> assertThat(Files.readString(log)).contains("listening on"));
        return capture;
    }

    private static Path log(Path capture) {
        return capture.resolveSibling(capture.getFileName() + ".log");
    }

    private static boolean contains(byte[] capture) {
        return new String(capture, StandardCharsets.ISO_8859_1).contains(MARKER);
    }
}
