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
                SeedEvents.of(next).awaitJoined(1);
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
            SeedEvents heir = SeedEvents.of(second);
            heir.awaitJoined(1);

            try (Sampo cluster = GatedCluster.join(ports.get(0), ports.get(1), ports.get(2))) {
                JobHandle<Text, Long> job = cluster.submit(nodes.wordCount());
                await().atMost(Programs.LIMIT).until(() -> GatedCluster.mapsDone(job) >= 2);
                first.kill();
                long killed = System.nanoTime();
                heir.awaitJoined(2);
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
    void aFlappingWorkerDoesNotDelayTheSuccessorOfADeadSeed() throws Exception {
        try (GatedCluster nodes = new GatedCluster(directory)) {
            List<Integer> ports = List.of(Programs.freePort(), Programs.freePort(), Programs.freePort());
            Program first = nodes.seed(ports.get(0));
            first.awaitReady();
            Program second = nodes.seed(ports.get(1), ports.get(0));
            second.awaitReady();
            nodes.seed(ports.get(2), ports.get(0)).awaitReady();
            Program worker = nodes.worker(ports.get(0), ports.get(1), ports.get(2));
            String address = worker.awaitReady();
            Program sick = nodes.worker(ports.get(0), ports.get(1), ports.get(2));
            sick.awaitReady();
            SeedEvents heir = SeedEvents.of(second);
            heir.awaitJoined(2);

            Thread flapping = new Thread(() -> flap(sick), "flapping");
            flapping.setDaemon(true);
            flapping.start();
            await().atMost(Programs.LIMIT)
                    .until(() -> !heir.addresses("unreachable").isEmpty());
            first.kill();
            long killed = System.nanoTime();
            await().atMost(Programs.LIMIT).until(() -> heir.joined(address) == 2);
            Duration took = GatedCluster.report("singleton's seed killed beside a flapping worker", killed);
            flapping.interrupt();
            flapping.join();

            assertThat(took).as("the worker flaps on for ever").isLessThan(Duration.ofSeconds(60));
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
            SeedEvents events = SeedEvents.of(seed);
            events.awaitJoined(2);

            worker.signal("STOP");
            long paused = System.nanoTime();
            await().atMost(Programs.LIMIT).until(() -> events.lost() == 1);
            GatedCluster.report("worker paused, until the coordinator counts it as lost", paused);
            worker.signal("CONT");
            long woken = System.nanoTime();
            events.awaitJoined(3);
            GatedCluster.report("worker woken, until it is registered again", woken);

            assertThat(worker.process().isAlive()).isTrue();
            assertThat(events.lost()).as("the other worker is as it was").isEqualTo(1);
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
            SeedEvents events = SeedEvents.of(seed);
            events.awaitJoined(2);

            try (Sampo cluster = GatedCluster.join(port)) {
                JobHandle<Text, Long> job = cluster.submit(nodes.wordCount());
                long pid = worker.node().pid();
                await().atMost(Programs.LIMIT).until(() -> nodes.attempts() == 6 && GatedCluster.mapsDone(job) == 4);
                Program idle = nodes.worker(port);
                idle.awaitReady();
                events.awaitJoined(3);
                assertThat(nodes.attempts()).as("nothing is left for it").isEqualTo(6);

                worker.node().destroyForcibly();
                long killed = System.nanoTime();
                await().atMost(Programs.LIMIT)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> nodes.attemptsIn(idle.node().pid()) > 0);
                GatedCluster.report("worker killed, until its attempts run elsewhere", killed);
                events.awaitJoined(4);
                GatedCluster.report("worker killed, until its next life is registered", killed);
                assertThat(worker.node().pid()).isNotEqualTo(pid);
                nodes.openGate();
                job.await().close();
            }
            assertThat(events.joined(address)).as("two lives at one address").isEqualTo(2);
            assertThat(events.lost()).as("one of them was lost").isEqualTo(1);
            assertThat(events.joined()).isEqualTo(4);
            nodes.checkOutput();
        }
    }

    @Test
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
                SeedEvents events = SeedEvents.of(seed);
                await().atMost(Programs.LIMIT)
                        .until(() -> !events.addresses("unreachable").isEmpty());
                Program joining = nodes.worker(port);

                await().atMost(Programs.LIMIT).until(() -> nodes.attempts() > 3);
                assertThat(nodes.attemptsIn(joining.node().pid())).isPositive();
                assertThat(events.addresses("weakly-up")).hasSize(1);
                assertThat(events.lost()).as("the sick one is still a member").isZero();
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
