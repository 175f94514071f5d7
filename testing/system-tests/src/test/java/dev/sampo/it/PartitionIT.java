package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sampo.it.Programs.Program;
import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node programs on a network of their own, of which one is taken off it. Only root may make networks. */
@Tag("slow")
class PartitionIT {
    private static final int PORT = 25520;

    /** The others went on without it. */
    private static final int LEFT_BEHIND = 5;

    @TempDir
    Path directory = Path.of("");

    @Test
    void theSeedThatIsCutOffEndsAndTheTwoOthersGoOn() throws Exception {
        assumeTrue(NamespaceHosts.areAvailable());
        try (NamespaceHosts hosts = NamespaceHosts.of("s1", "s2", "s3", "w1");
                Programs programs = new Programs(directory, "sampo.security.allow-insecure = true")) {
            Map<String, Program> seeds = new LinkedHashMap<>();
            for (String host : List.of("s1", "s2", "s3")) {
                Program seed = start(programs, hosts, host, SeedMain.class, "--port", "" + PORT);
                seed.awaitReady();
                seeds.put(host, seed);
            }
            Program worker = start(programs, hosts, "w1", WorkerMain.class, "--slots", "1");
            worker.awaitReady();
            Program first = seeds.values().iterator().next();
            first.awaitOutput("joined with 1 slots");
            long pid = worker.node().pid();

            hosts.cut("s1");
            long cut = System.nanoTime();
            Objects.requireNonNull(seeds.get("s2")).awaitOutput("joined with 1 slots");
            GatedCluster.report("singleton's seed cut off from two, until the worker is registered at the next", cut);

            boolean ended = first.process().waitFor(Programs.LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                first.signal("QUIT"); // says where its threads are
                first.awaitOutput("Full thread dump");
            }
            assertThat(ended)
                    .as(() -> "the one that is cut off ends; " + outputOf(first))
                    .isTrue();
            assertThat(first.process().exitValue()).isEqualTo(LEFT_BEHIND);
            await().atMost(Programs.LIMIT)
                    .until(() -> GatedCluster.count(
                                            Objects.requireNonNull(seeds.get("s2")),
                                            "Leader is removing unreachable node")
                                    > 0
                            || GatedCluster.count(
                                            Objects.requireNonNull(seeds.get("s3")),
                                            "Leader is removing unreachable node")
                                    > 0);
            assertThat(List.of(
                            Objects.requireNonNull(seeds.get("s2")), Objects.requireNonNull(seeds.get("s3")), worker))
                    .allMatch(program -> program.process().isAlive());
            assertThat(worker.node().pid()).isEqualTo(pid);
            assertThat(GatedCluster.count(Objects.requireNonNull(seeds.get("s2")), " is lost: "))
                    .isZero();
        }
    }

    private static String outputOf(Program program) {
        try {
            return program.output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Program start(
            Programs programs, NamespaceHosts hosts, String host, Class<?> main, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        for (String seed : List.of("s1", "s2", "s3")) {
            all.addAll(List.of("--seed", hosts.address(seed) + ":" + PORT));
        }
        return programs.start(
                command -> hosts.on(host, command), hosts.address(host), main, all.toArray(String[]::new));
    }
}
