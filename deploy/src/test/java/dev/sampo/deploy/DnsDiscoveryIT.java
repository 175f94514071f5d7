package dev.sampo.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sampo.deploy.NodePrograms.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that find each other by a name, at a name server of the test. */
@Tag("slow")
class DnsDiscoveryIT {
    private static final int WRONG_SETTINGS = 2;

    @TempDir
    Path directory = Path.of("");

    @Test
    void threeSeedsFormOneClusterWhenTheNameListsAllAndAWorkerThatWasThereBeforeThemJoinsIt() throws Exception {
        try (FakeNameServer names = new FakeNameServer();
                NodePrograms nodes = nodes(names, 3)) {
            Node worker = nodes.start(4, NodePrograms.WORKER, "--slots", "1");
            // the last is listed first: which one forms the cluster must not hang on that
            names.add(NodePrograms.address(3));
            for (int seed = 1; seed <= 3; seed++) {
                Node started = nodes.start(seed, NodePrograms.SEED);
                if (seed < 3) {
                    names.add(NodePrograms.address(seed));
                }
                await().atMost(NodePrograms.LIMIT)
                        .untilAsserted(() -> assertThat(started.said()).contains(FakeNameServer.NAME + " lists "));
            }

            for (int seed = 1; seed <= 3; seed++) {
                NodePrograms.awaitMembers(seed, 1, 2, 3, 4);
            }
            assertThat(worker.process().isAlive()).isTrue();
        }
    }

    @Test
    void aSecondSeedOfTwoIsRefusedWithTheReasonAndTheFirstGoesOn() throws Exception {
        try (FakeNameServer names = new FakeNameServer();
                NodePrograms nodes = nodes(names, 1)) {
            names.add(NodePrograms.address(1));
            Node first = nodes.start(1, NodePrograms.SEED);
            NodePrograms.awaitMembers(1, 1);

            names.add(NodePrograms.address(2));
            Node second = nodes.start(2, NodePrograms.SEED);

            assertThat(second.exitCode()).isEqualTo(WRONG_SETTINGS);
            assertThat(second.said())
                    .contains("The seed was refused: " + FakeNameServer.NAME + " lists [")
                    .contains("expected one seed, or three or more");
            assertThat(first.process().isAlive()).isTrue();
            NodePrograms.awaitMembers(1, 1);
        }
    }

    private NodePrograms nodes(FakeNameServer names, int seeds) {
        return new NodePrograms(
                directory,
                List.of(
                        "sampo.cluster.discovery = dns",
                        "sampo.cluster.dns.name = " + FakeNameServer.NAME,
                        "sampo.cluster.dns.server = \"" + names.server() + "\"",
                        "sampo.cluster.dns.seeds = " + seeds),
                Map.of());
    }
}
