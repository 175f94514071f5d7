package dev.sampo.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds the image both ways and runs it: a seed and workers in containers, on hosts of their own, hardened, with a job
 * that a fourth container submits. Linux, root, podman and runc only.
 */
@Tag("slow")
class ContainerImageIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(8);

    private static final String TAG = "localhost/sampo-image-it:latest";
    /** As deploy/pom.xml names what is in the tar. */
    private static final String JIB_TAG = "localhost/sampo:jib";

    private static final int SEED = 1;
    private static final int STOPPED_WORKER = 2;
    private static final int OTHER_WORKER = 3;
    private static final int CLIENT = 4;
    private static final int HOSTS = 4;

    /** By SIGTERM, and in order, as the JVM reports it. */
    private static final int TERMINATED = 143;

    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path directory = Path.of("");

    @BeforeAll
    static void stageTheFiles() throws IOException {
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "network namespaces can be made by root only; skipped");
        for (String tool : List.of("podman", "runc", "ip", "jlink", "python3", "unshare")) {
            assumeTrue(Command.isInstalled(tool), tool + " is missing; skipped");
        }
        script("container/stage");
    }

    @Test
    void aWorkerThatIsStoppedInMidJobLosesNothing() throws Exception {
        script("container/build", TAG);
        Path shared = shared(128);
        Path gate = shared.resolve("gate");
        HeldWordCount.jar(shared.resolve("held.jar"));
        try (Containers containers = new Containers(TAG, HOSTS, mount(shared), settings());
                ApiProbe api =
                        new ApiProbe(containers.namespace(CLIENT), "http://" + containers.address(SEED) + ":25580")) {
            containers.requireClassData(CLIENT);
            String seed = containers.start(SEED, "seed");
            String stopped = startWorker(containers, STOPPED_WORKER);
            String other = startWorker(containers, OTHER_WORKER);
            awaitWorkers(api, 2);

            // its reduce tasks wait for the gate, so that the job cannot be over before the worker is
            submit(
                    containers,
                    "stopped-worker",
                    "--jar",
                    "/shared/held.jar",
                    "--class",
                    HeldWordCount.class.getName(),
                    "--",
                    "/shared/input",
                    "/shared/stopped-worker",
                    "/shared/gate");
            String address = containers.address(STOPPED_WORKER) + ":25520";
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> done(api, "stopped-worker") > 1
                            && !node(api, address).get("running").isEmpty());
            containers.stop(stopped);

            JsonNode meanwhile = api.get("/v1/jobs/stopped-worker");
            assertThat(meanwhile.get("state").asText())
                    .as("the worker went in mid-job: %s", meanwhile.get("tasks"))
                    .isEqualTo("RUNNING");
            assertThat(containers.exitCode(stopped)).isEqualTo(TERMINATED);
            assertThat(containers.log(stopped)).doesNotContain("did not leave in order");
            Files.createFile(gate);
            awaitEnd(api, "stopped-worker");
            nothingRanTwiceOrFailed(api, "stopped-worker");
            assertThat(parts(shared.resolve("stopped-worker"))).isEqualTo(embedded(containers, shared));
            assertThat(api.get("/v1/nodes").get("nodes"))
                    .as("the seed and the other")
                    .hasSize(2);
            tookItsClassData(containers, seed, stopped, other);
        }
    }

    @Test
    void theTarThatIsBuiltWithoutAnEngineRunsASeedAndAWorker() throws Exception {
        script("container/build", "--jib");
        Command.of(Stream.concat(
                                Containers.ENGINE.stream(), Stream.of("load", "-q", "-i", "target/image/sampo-jib.tar"))
                        .toList())
                .check(LIMIT, Map.of());
        Path shared = shared(8);
        try (Containers containers = new Containers(JIB_TAG, HOSTS, mount(shared), settings());
                ApiProbe api =
                        new ApiProbe(containers.namespace(CLIENT), "http://" + containers.address(SEED) + ":25580")) {
            containers.requireClassData(CLIENT);
            String seed = containers.start(SEED, "seed");
            String worker = startWorker(containers, OTHER_WORKER);
            awaitWorkers(api, 1);

            submit(
                    containers,
                    "jib",
                    "word-count",
                    "--input",
                    "/shared/input",
                    "--output",
                    "/shared/jib",
                    "--partitions",
                    "4");
            awaitEnd(api, "jib");
            nothingRanTwiceOrFailed(api, "jib");
            assertThat(parts(shared.resolve("jib"))).isEqualTo(embedded(containers, shared));
            containers.stop(worker);
            assertThat(containers.exitCode(worker)).isEqualTo(TERMINATED);
            containers.stop(seed);
            assertThat(containers.exitCode(seed)).isEqualTo(TERMINATED);
            tookItsClassData(containers, seed, worker);
        }
    }

    /** The image's arguments let the JVM say so when it refuses the archive, and then start slowly. */
    private static void tookItsClassData(Containers containers, String... ids) throws IOException {
        for (String id : ids) {
            assertThat(containers.log(id)).contains(" is ready at ").doesNotContain("[cds");
        }
    }

    private static String startWorker(Containers containers, int host) throws IOException {
        return containers.start(
                host, "worker", "--seed", containers.address(SEED) + ":25520", "--slots", "1", "--memory", "64MiB");
    }

    private static void awaitWorkers(ApiProbe api, int workers) {
        await().atMost(LIMIT).until(() -> api.isThere("/ready") && api.isThere("/v1/nodes"));
        await().atMost(LIMIT).until(() -> {
            int slots = 0;
            for (JsonNode node : api.get("/v1/nodes").get("nodes")) {
                slots += node.get("slots").asInt();
            }
            return slots == workers;
        });
    }

    private static void submit(Containers containers, String id, String... job) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "submit",
                "--seed",
                "http://" + containers.address(SEED) + ":25580",
                "--id",
                id,
                "-D",
                "sampo.input.split-size=2MiB",
                "-D",
                "sampo.task.speculation=false"));
        words.addAll(List.of(job));
        containers.call(CLIENT, words.toArray(String[]::new));
    }

    private static Map<String, String> embedded(Containers containers, Path shared) throws IOException {
        containers.call(
                CLIENT,
                "run",
                "word-count",
                "--input",
                "/shared/input",
                "--output",
                "/shared/embedded",
                "--partitions",
                "4");
        Map<String, String> parts = parts(shared.resolve("embedded"));
        assertThat(parts).hasSize(4);
        return parts;
    }

    private static int done(ApiProbe api, String job) throws IOException {
        return api.get("/v1/jobs/" + job).get("tasks").get("done").asInt();
    }

    private static JsonNode node(ApiProbe api, String address) throws IOException {
        for (JsonNode node : api.get("/v1/nodes").get("nodes")) {
            if (node.get("address").asText().equals(address)) {
                return node;
            }
        }
        throw new AssertionError("no node at " + address);
    }

    private static void awaitEnd(ApiProbe api, String job) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(api.get("/v1/jobs/" + job).get("state").asText())
                                .isEqualTo("SUCCEEDED"));
    }

    private static void nothingRanTwiceOrFailed(ApiProbe api, String job) throws IOException {
        JsonNode stages = api.get("/v1/jobs/" + job).get("counters").get("stages");
        assertThat(stages).hasSize(2);
        for (JsonNode stage : stages) {
            assertThat(stage.get("failedAttempts").asInt())
                    .as("failures of %s", stage)
                    .isZero();
            assertThat(stage.get("attempts").asInt())
                    .as("attempts of %s", stage)
                    .isEqualTo(stage.get("tasks").asInt());
        }
    }

    private static Map<String, String> parts(Path output) throws IOException {
        Map<String, String> parts = new TreeMap<>();
        try (Stream<Path> files = Files.list(output)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("part-")) {
                    parts.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        return parts;
    }

    /** A folder that all containers see, with a text of so many MiB, the same each time. */
    private Path shared(int mebibytes) throws IOException {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        SplittableRandom random = new SplittableRandom(7);
        long left = (long) mebibytes * MEBIBYTE;
        try (BufferedWriter out = Files.newBufferedWriter(shared.resolve("input"))) {
            while (left > 0) {
                StringBuilder line = new StringBuilder();
                for (int word = 0; word < 12; word++) {
                    // few words often, many seldom
                    line.append('w')
                            .append(random.nextInt(1 + random.nextInt(20_000)))
                            .append(' ');
                }
                out.append(line).append('\n');
                left -= line.length() + 1;
            }
        }
        return shared;
    }

    private static String mount(Path shared) {
        return shared + ":/shared";
    }

    private String settings() throws IOException {
        Path file = Files.writeString(directory.resolve("sampo.conf"), "sampo.security.allow-insecure = true\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file + ":/etc/sampo/conf.d/sampo.conf:ro";
    }

    /** What the build of the test resolves from, the builds in the scripts do, too. */
    private static void script(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of(command));
        Command.of(words)
                .check(
                        BUILD_LIMIT,
                        Map.of(
                                "SAMPO_ENGINE",
                                String.join(" ", Containers.ENGINE),
                                "SAMPO_BUILD_OPTIONS",
                                String.join(" ", Containers.LIMITS),
                                "MAVEN_OPTS",
                                "-Dmaven.repo.local=" + System.getProperty("sampo.test.repository")));
    }
}
