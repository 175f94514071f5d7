package dev.sampo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Kills the parent of a run, with and without its shutdown hooks: its nodes must not outlive it. */
class OrphanMultiNodeIT {
    @TempDir
    Path directory = Path.of("");

    @Tag("slow")
    @Test
    void nodesEndWhenTheirParentIsKilled() throws Exception {
        endsNodesWith(Process::destroyForcibly);
    }

    @Tag("slow")
    @Test
    void nodesEndWhenTheirParentIsInterruptedByTheUser() throws Exception {
        endsNodesWith(parent -> {
            parent.destroy();
            return parent;
        });
    }

    private interface End {
        Process of(Process parent);
    }

    private void endsNodesWith(End end) throws IOException {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-Dsampo.testkit.directory=" + directory,
                        Parent.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("parent.log").toFile())
                .start();
        try {
            Path run = directory.resolve(Fixture.class.getName()).resolve("waits");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(run.resolve("a.runs")) && Files.exists(run.resolve("b.runs")));
            List<ProcessHandle> nodes = parent.descendants().toList();
            assertThat(nodes).as("conductor and two roles").hasSize(3);

            assertThat(end.of(parent).onExit()).succeedsWithin(Duration.ofSeconds(20));

            await().atMost(Duration.ofSeconds(10)).until(() -> nodes.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            parent.descendants().forEach(ProcessHandle::destroyForcibly);
            parent.destroyForcibly();
        }
    }

    /** A build of its own. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) {
            LauncherFactory.create()
                    .execute(LauncherDiscoveryRequestBuilder.request()
                            .selectors(selectClass(Fixture.class))
                            .build());
        }
    }

    @MultiNodeTest(roles = {"a", "b"})
    static class Fixture {
        @Test
        void waits(MultiNode node) throws Exception {
            Files.createFile(node.directory().resolve(node.role() + ".runs"));
            new CountDownLatch(1).await();
        }
    }
}
