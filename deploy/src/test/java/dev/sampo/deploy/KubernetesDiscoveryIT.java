package dev.sampo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.deploy.NodePrograms.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that find each other by a fake of the Kubernetes API, as the manifests have them do. No cluster takes part. */
@Tag("slow")
class KubernetesDiscoveryIT {
    private static final String NAMESPACE = "sampo";
    private static final Map<String, String> SEED_LABELS =
            Map.of("app.kubernetes.io/name", "sampo", "app.kubernetes.io/component", "seed", "controller", "x");
    private static final Map<String, String> WORKER_LABELS =
            Map.of("app.kubernetes.io/name", "sampo", "app.kubernetes.io/component", "worker");
    private static final int WRONG_SETTINGS = 2;

    @TempDir
    Path directory = Path.of("");

    @Test
    void threeSeedsFormOneClusterAndAWorkerThatWasThereBeforeThemJoinsIt() throws Exception {
        try (FakeKubernetes api = new FakeKubernetes(directory, NAMESPACE);
                NodePrograms nodes = nodes(api, 3)) {
            api.add("sampo-worker-x", NodePrograms.address(4), WORKER_LABELS);
            Node worker = nodes.start(4, NodePrograms.WORKER, "--slots", "1");
            for (int seed = 1; seed <= 3; seed++) {
                nodes.start(seed, NodePrograms.SEED);
                api.add("sampo-seed-" + seed, NodePrograms.address(seed), SEED_LABELS);
            }

            for (int seed = 1; seed <= 3; seed++) {
                NodePrograms.awaitMembers(seed, 1, 2, 3, 4);
            }
            assertThat(worker.process().isAlive()).isTrue();
            assertThat(api.answers()).isNotEmpty().containsOnly(200);
        }
    }

    @Test
    void aSecondSeedOfTwoIsRefusedWithTheReasonAndTheFirstGoesOn() throws Exception {
        try (FakeKubernetes api = new FakeKubernetes(directory, NAMESPACE);
                NodePrograms nodes = nodes(api, 1)) {
            api.add("sampo-seed-0", NodePrograms.address(1), SEED_LABELS);
            Node first = nodes.start(1, NodePrograms.SEED);
            NodePrograms.awaitMembers(1, 1);

            api.add("sampo-seed-1", NodePrograms.address(2), SEED_LABELS);
            Node second = nodes.start(2, NodePrograms.SEED);

            assertThat(second.exitCode()).isEqualTo(WRONG_SETTINGS);
            assertThat(second.said())
                    .contains("The seed was refused: the API of Kubernetes lists [")
                    .contains("expected one seed, or three or more");
            assertThat(first.process().isAlive()).isTrue();
            NodePrograms.awaitMembers(1, 1);
        }
    }

    @Test
    void aNodeThatRunsInNoPodSaysWhatIsMissing() throws Exception {
        List<String> settings = List.of("sampo.cluster.discovery = kubernetes");
        try (NodePrograms nodes = new NodePrograms(directory, settings, Map.of())) {
            Node seed = nodes.start(1, NodePrograms.SEED);
            assertThat(seed.exitCode()).isEqualTo(WRONG_SETTINGS);
            assertThat(seed.said())
                    .contains("kubernetes, and the environment has no KUBERNETES_SERVICE_HOST; expected a pod");
        }
        try (FakeKubernetes api = new FakeKubernetes(directory, NAMESPACE);
                NodePrograms nodes = new NodePrograms(directory, settings, api.environment())) {
            Node worker = nodes.start(2, NodePrograms.WORKER);
            assertThat(worker.exitCode()).isEqualTo(WRONG_SETTINGS);
            assertThat(worker.said()).contains("/serviceaccount/ca.crt cannot be read; expected a pod");
        }
    }

    private NodePrograms nodes(FakeKubernetes api, int seeds) {
        List<String> settings = new ArrayList<>(api.settings());
        settings.addAll(List.of(
                "sampo.cluster.discovery = kubernetes",
                "sampo.cluster.kubernetes.namespace = " + NAMESPACE,
                "sampo.cluster.kubernetes.seeds = " + seeds));
        return new NodePrograms(directory, settings, api.environment());
    }
}
