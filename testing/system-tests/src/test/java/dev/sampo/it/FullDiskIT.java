package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sampo.it.IsolatedCluster.Outcome;
import dev.sampo.it.IsolatedCluster.Wire;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker whose disk is full, beside one that has room. Only root may make such disks. */
@Tag("slow")
class FullDiskIT {
    private static final String SMALL = "w1";
    private static final String LARGE = "w2";

    /** One failure that counts would fail the job. */
    private static final String NO_RETRIES = "sampo.task.max-attempts=1";

    @TempDir
    Path directory = Path.of("");

    @Test
    void jobsEndOnTheNodesThatHaveRoomAndNoTaskIsCharged() throws Exception {
        assumeTrue(NamespaceHosts.areAvailable());
        Path disk = Files.createDirectory(directory.resolve("disk"));
        try (IsolatedCluster cluster = new IsolatedCluster(
                directory,
                Wire.PLAIN,
                List.of(SMALL, LARGE),
                "sampo.temp-dir = \"" + disk + "\"",
                "sampo.memory = 4MiB")) { // what does not fit goes to the disk
            cluster.startSeed(command -> NamespaceHosts.withOwnDisk(disk, "64m", command));
            cluster.startWorker(SMALL, command -> NamespaceHosts.withOwnDisk(disk, "3m", command));
            cluster.startWorker(LARGE, command -> NamespaceHosts.withOwnDisk(disk, "256m", command));
            cluster.awaitWorkers(2);
            Path input = MadeText.write(directory.resolve("in"), 3, 4, 8 << 20);
            Path sorted = directory.resolve("sorted");
            Path counted = directory.resolve("counted");

            submit(cluster, "large", List.of(), "sort", input, sorted);
            await().atMost(Programs.LIMIT)
                    .untilAsserted(() -> assertThat(cluster.attempts("large", "AttemptFailed", SMALL))
                            .isPositive());
            submit(cluster, "another", List.of("--wait"), "word-count", input, counted);
            await().atMost(Programs.LIMIT)
                    .until(() -> cluster.askJson("job", "large").path("state").asText(), "SUCCEEDED"::equals);

            for (String job : List.of("sort", "word-count")) {
                cluster.succeed(
                        "run",
                        job,
                        "--partitions",
                        "2",
                        "-D",
                        "sampo.input.split-size=512KiB",
                        "--input",
                        input.toString(),
                        "--output",
                        directory.resolve("expected-" + job).toString());
            }
            IsolatedCluster.assertSameParts(sorted, directory.resolve("expected-sort"));
            IsolatedCluster.assertSameParts(counted, directory.resolve("expected-word-count"));
            assertThat(cluster.attempts("large", "AttemptFailed", LARGE)).isZero();
            assertThat(cluster.attempts("large", "AttemptFailed", SMALL))
                    .as("it rests, and does not win task after task")
                    .isLessThan(cluster.attempts("large", "AttemptSucceeded", LARGE));
            try (Stream<JsonNode> failures = cluster.events("large", "AttemptFailed")) {
                assertThat(failures).allSatisfy(failure -> {
                    assertThat(failure.path("code").asText()).isEqualTo("SPILL_FAILED");
                    assertThat(failure.path("message").asText()).contains("No space left on device");
                });
            }
        }
    }

    private static void submit(
            IsolatedCluster cluster, String id, List<String> options, String job, Path input, Path output)
            throws Exception {
        Stream<String> arguments = Stream.of(
                        List.of("--id", id),
                        options,
                        List.of(job, "--partitions", "2", "-D", "sampo.input.split-size=512KiB", "-D", NO_RETRIES),
                        List.of("--input", input.toString(), "--output", output.toString()))
                .flatMap(List::stream);
        Outcome outcome = cluster.ask("submit", arguments.toArray(String[]::new));
        outcome.assertSuccess();
    }
}
