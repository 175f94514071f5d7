package dev.sampo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@MultiNodeTest(roles = {"seed", "worker-1", "worker-2"})
class ClusterFormationMultiNodeIT {
    private String preparedFor = "";

    @BeforeEach
    void prepare(MultiNode node) {
        preparedFor = node.role();
        assertThat(System.getProperty("multinode.index"))
                .as("before methods run on nodes only")
                .isNotNull();
    }

    @AfterEach
    void cleanUp() {
        assertThat(preparedFor).as("after methods run on nodes only").isNotEmpty();
    }

    @Test
    void threeRolesFormACluster(MultiNode node) throws Exception {
        assertThat(preparedFor).isEqualTo(node.role());
        assertThat(node.roles()).containsExactly("seed", "worker-1", "worker-2");
        Cluster cluster = Cluster.get(node.system());
        node.runOn("seed", () -> {
            cluster.join(cluster.selfAddress());
            await().until(() -> cluster.selfMember().status() == MemberStatus.up());
        });
        node.barrier("seed is up");
        if (!node.is("seed")) {
            cluster.join(node.address("seed"));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> membersUp(cluster) == 3);
        node.barrier("all are up");
        assertThat(cluster.state().getUnreachable()).isEmpty();
        assertThat(node.address("worker-2").host().get()).isEqualTo(node.host());
    }

    @ParameterizedTest
    @ValueSource(strings = {"47", "48"})
    void valuesReachTheOtherRoles(String value, MultiNode node) throws Exception {
        node.runOn("worker-1", () -> node.publish("port", value));
        assertThat(node.published("port")).isEqualTo(value);
        assertThat(List.of("seed", "worker-1", "worker-2")).contains(node.role());
    }

    private static long membersUp(Cluster cluster) {
        return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .filter(member -> member.status() == MemberStatus.up())
                .count();
    }
}
