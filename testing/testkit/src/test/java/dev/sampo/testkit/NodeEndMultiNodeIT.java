package dev.sampo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.cluster.Cluster;
import org.junit.jupiter.api.Test;

@MultiNodeTest(
        roles = {"seed", "worker-1", "worker-2"},
        config = "pekko.cluster.failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2s }")
class NodeEndMultiNodeIT {
    @Test
    void aKilledRoleVanishesFromTheCluster(MultiNode node) throws Exception {
        Path hookRan = node.directory().resolve("hook-ran");
        Cluster cluster = Cluster.get(node.system());
        node.runOn("seed", () -> cluster.join(cluster.selfAddress()));
        node.barrier("seed has joined itself");
        node.runOn("worker-1", () -> {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> touch(hookRan)));
            node.publish("pid", Long.toString(ProcessHandle.current().pid()));
            cluster.join(node.address("seed"));
        });
        if (node.is("seed")) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> cluster.state().members().size() == 2);
        }
        node.barrier("worker-1 is a member");
        node.runOn("seed", () -> {
            node.kill("worker-1");
            long pid = Long.parseLong(node.published("pid"));
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(hookRan).doesNotExist();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> cluster.state().getUnreachable().size() == 1);
        });
        node.runOn("worker-1", () -> new CountDownLatch(1).await());
        node.barrier("worker-1 is gone, the others meet");
    }

    @Test
    void anExitRunsTheShutdownHooks(MultiNode node) throws Exception {
        Path hookRan = node.directory().resolve("hook-ran");
        node.runOn("worker-2", () -> Runtime.getRuntime().addShutdownHook(new Thread(() -> touch(hookRan))));
        node.barrier("hook is there");
        node.runOn("seed", () -> {
            node.exit("worker-2", 7);
            assertThat(hookRan).exists();
            assertThatThrownBy(() -> node.kill("worker-2")).hasMessageContaining("has ended already, with code 7");
        });
        if (!node.is("worker-2")) {
            node.barrier("the others meet");
        }
    }

    @Test
    void aRoleMayEndByItselfWhenThatIsExpected(MultiNode node) throws Exception {
        node.runOn("seed", () -> {
            assertThatThrownBy(() -> node.awaitExit("worker-1", Duration.ofSeconds(1)))
                    .hasMessageContaining("not announced");
            node.expectExit("worker-1");
            node.publish("end of worker-1", "expected");
        });
        node.runOn("worker-1", () -> {
            assertThat(node.published("end of worker-1")).isEqualTo("expected");
            Runtime.getRuntime().halt(3);
        });
        node.runOn(
                "seed",
                () -> assertThat(node.awaitExit("worker-1", Duration.ofSeconds(20)))
                        .isEqualTo(3));
        node.barrier("the others meet");
    }

    private static void touch(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
