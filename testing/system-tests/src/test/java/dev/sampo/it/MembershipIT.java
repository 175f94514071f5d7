package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sampo.Sampo;
import dev.sampo.api.JobHandle;
import dev.sampo.io.Text;
import dev.sampo.it.Programs.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node programs whose processes are killed and paused while a job runs. */
@Tag("slow")
class MembershipIT {
    @TempDir
    Path directory = Path.of("");

    @Test
    void workersAndSubmittersOutliveTheDeathOfALoneSeed() throws Exception {
        try (GatedCluster nodes = new GatedCluster(directory)) {
            int port = Programs.freePort();
            Program seed = nodes.seed(port);
            seed.awaitReady();
            Program worker = nodes.worker(port);
            worker.awaitReady();

            long pid;
            try (Sampo cluster = GatedCluster.join(port)) {
                JobHandle<Text, Long> job = cluster.submit(nodes.wordCount());
                await().atMost(Programs.LIMIT).until(() -> GatedCluster.mapsDone(job) >= 2);
                pid = worker.node().pid();
                seed.kill();
                long killed = System.nanoTime();
                Program next = nodes.seed(port);
                next.awaitOutput("joined with 1 slots");
                GatedCluster.report("lone seed killed, started again, until the worker is registered again", killed);
                nodes.openGate();

                job.await().close();
                GatedCluster.report("lone seed killed, until the job's result", killed);
            }
            assertThat(worker.node().pid()).as("the worker's process lives on").isEqualTo(pid);
            assertThat(nodes.attemptsIn(pid))
                    .as("attempts of both reigns ran in it")
                    .isGreaterThan(2);
            nodes.checkOutput();
        }
    }

    @Test
    @Tag("unproven") // see docs/status.md
    void anotherOfThreeSeedsTakesOverAndAJobGoesOnUnderItsId() throws Exception {
        try (GatedCluster nodes = new GatedCluster(directory)) {
            List<Integer> ports = List.of(Programs.freePort(), Programs.freePort(), Programs.freePort());
            Program first = nodes.seed(ports.get(0));
            first.awaitReady();
            Program second = nodes.seed(ports.get(1), ports.get(0));
            second.awaitReady();
            Program third = nodes.seed(ports.get(2), ports.get(0));
            third.awaitReady();
            Program worker = nodes.worker(ports.get(0), ports.get(1), ports.get(2));
            worker.awaitReady();
            first.awaitOutput("joined with 1 slots");

            try (Sampo cluster = GatedCluster.join(ports.get(0), ports.get(1), ports.get(2))) {
                JobHandle<Text, Long> job = cluster.submit(nodes.wordCount());
                await().atMost(Programs.LIMIT).until(() -> GatedCluster.mapsDone(job) >= 2);
                first.kill();
                long killed = System.nanoTime();
                second.awaitOutput("joined with 1 slots");
                GatedCluster.report(
                        "singleton's seed of three killed, until the worker is registered at the next", killed);
                nodes.openGate();

                job.await().close();
            }
            assertThat(List.of(second, third, worker))
                    .allMatch(program -> program.process().isAlive());
            nodes.checkOutput();
        }
    }

    @Test
    @Tag("unproven") // see docs/status.md
    void aFlappingWorkerDoesNotDelayTheSuccessorOfADeadSeed() throws Exception {
        try (GatedCluster nodes = new GatedCluster(directory)) {
            List<Integer> ports = List.of(Programs.freePort(), Programs.freePort(), Programs.freePort());
            Program first = nodes.seed(ports.get(0));
            first.awaitReady();
            Program second = nodes.seed(ports.get(1), ports.get(0));
            second.awaitReady();
            nodes.seed(ports.get(2), ports.get(0)).awaitReady();
            Program worker = nodes.worker(ports.get(0), ports.get(1), ports.get(2));
            worker.awaitReady();
            Program sick = nodes.worker(ports.get(0), ports.get(1), ports.get(2));
            sick.awaitReady();
            await().atMost(Programs.LIMIT).until(() -> GatedCluster.joined(first) == 2);

            Thread flapping = new Thread(() -> flap(sick), "flapping");
            flapping.setDaemon(true);
            flapping.start();
            await().atMost(Programs.LIMIT).until(() -> GatedCluster.count(second, "as UNREACHABLE") > 0);
            first.kill();
            long killed = System.nanoTime();
            second.awaitOutput("joined with 1 slots");
            Duration took = GatedCluster.report("singleton's seed killed beside a flapping worker", killed);
            flapping.interrupt();
            flapping.join();

            assertThat(took).isLessThan(Duration.ofSeconds(30));
            assertThat(worker.process().isAlive()).isTrue();
        }
    }

    @Test
    void aPausedWorkerIsTakenOutAndJoinsAgainWhenItWakes() throws Exception {
        try (GatedCluster nodes = new GatedCluster(directory)) {
            int port = Programs.freePort();
            Program seed = nodes.seed(port);
            seed.awaitReady();
            Program worker = nodes.worker(port);
            worker.awaitReady();
            Program other = nodes.worker(port);
            other.awaitReady();
            await().atMost(Programs.LIMIT).until(() -> GatedCluster.joined(seed) == 2);

            worker.signal("STOP");
            long paused = System.nanoTime();
            await().atMost(Programs.LIMIT).until(() -> GatedCluster.count(seed, " is lost: ") == 1);
            GatedCluster.report("worker paused, until the coordinator counts it as lost", paused);
            worker.signal("CONT");
            long woken = System.nanoTime();
            await().atMost(Programs.LIMIT).until(() -> GatedCluster.joined(seed) == 3);
            GatedCluster.report("worker woken, until it is registered again", woken);

            assertThat(worker.process().isAlive()).isTrue();
            assertThat(GatedCluster.count(seed, " is lost: "))
                    .as("the other worker is as it was")
                    .isEqualTo(1);
            nodes.openGate();
            try (Sampo cluster = GatedCluster.join(port)) {
                cluster.submit(nodes.wordCount()).await().close();
            }
            assertThat(nodes.attemptsIn(worker.node().pid())).isPositive();
            assertThat(nodes.attemptsIn(other.node().pid())).isPositive();
            nodes.checkOutput();
        }
    }

    @Test
    void aKilledWorkersAttemptsRunElsewhereAndItsNextLifeIsThereToStay() throws Exception {
        try (GatedCluster nodes = new GatedCluster(directory)) {
            int port = Programs.freePort();
            Program seed = nodes.seed(port);
            seed.awaitReady();
            Program worker = nodes.worker(port);
            String address = worker.awaitReady();
            nodes.worker(port).awaitReady();
            await().atMost(Programs.LIMIT).until(() -> GatedCluster.joined(seed) == 2);

            try (Sampo cluster = GatedCluster.join(port)) {
                JobHandle<Text, Long> job = cluster.submit(nodes.wordCount());
                long pid = worker.node().pid();
                await().atMost(Programs.LIMIT).until(() -> nodes.attempts() == 6 && GatedCluster.mapsDone(job) == 4);
                Program idle = nodes.worker(port);
                idle.awaitReady();
                await().atMost(Programs.LIMIT).until(() -> GatedCluster.joined(seed) == 3);
                assertThat(nodes.attempts()).as("nothing is left for it").isEqualTo(6);

                worker.node().destroyForcibly();
                long killed = System.nanoTime();
                await().atMost(Programs.LIMIT)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> nodes.attemptsIn(idle.node().pid()) > 0);
                GatedCluster.report("worker killed, until its attempts run elsewhere", killed);
                await().atMost(Programs.LIMIT).until(() -> GatedCluster.joined(seed) == 4);
                GatedCluster.report("worker killed, until its next life is registered", killed);
                assertThat(worker.node().pid()).isNotEqualTo(pid);
                nodes.openGate();
                job.await().close();
            }
            assertThat(seed.output().split("node \\S*" + address + "#\\S+ joined with"))
                    .as("two lives at one address")
                    .hasSize(3);
            assertThat(GatedCluster.count(seed, " is lost: "))
                    .as("one of them was lost")
                    .isEqualTo(1);
            assertThat(GatedCluster.joined(seed)).isEqualTo(4);
            nodes.checkOutput();
        }
    }

    @Test
    @Tag("unproven") // see docs/status.md
    void aWorkerThatJoinsBesideAnUnreachableOneGetsAttempts() throws Exception {
        try (GatedCluster nodes = new GatedCluster(directory, "sampo.cluster.downing.worker-stable-after = 100s")) {
            int port = Programs.freePort();
            Program seed = nodes.seed(port);
            seed.awaitReady();
            Program sick = nodes.worker(port);
            sick.awaitReady();

            try (Sampo cluster = GatedCluster.join(port)) {
                JobHandle<Text, Long> job = cluster.submit(nodes.wordCount());
                await().atMost(Programs.LIMIT).until(() -> nodes.attempts() == 3 && GatedCluster.mapsDone(job) == 2);
                sick.signal("STOP");
                seed.awaitOutput("as UNREACHABLE");
                Program joining = nodes.worker(port);

                await().atMost(Programs.LIMIT).until(() -> nodes.attempts() > 3);
                assertThat(nodes.attemptsIn(joining.node().pid())).isPositive();
                assertThat(seed.output()).contains("to [WeaklyUp]").doesNotContain("is taken out of the cluster");
                sick.signal("CONT");
                nodes.openGate();
                job.await().close();
            }
            nodes.checkOutput();
        }
    }

    /** Paused for longer than the detector bears, awake for a moment, again and again. */
    private static void flap(Program program) {
        try {
            while (true) {
                program.signal("STOP");
                Thread.currentThread().join(5_000);
                program.signal("CONT");
                Thread.currentThread().join(1_000);
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }
}
