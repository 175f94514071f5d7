package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.Valid;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** Who may join whom, as Pekko asks: first the member about the joiner, then the joiner about the member. */
class JoinCheckTest {
    private final JoinCheck check = new JoinCheck();

    @Test
    void letsNodesOfOneClusterJoin() {
        Config seed = node("seed", "sampo", 1);
        for (String program : new String[] {"worker", "client", "seed"}) {
            Config joiner = node(program, "sampo", 1);
            assertThat(check.check(joiner, seed)).isEqualTo(Valid.getInstance());
            assertThat(check.check(seed, joiner)).isEqualTo(Valid.getInstance());
        }
    }

    @Test
    void tellsTheJoinerBothNamesAndBothVersions() {
        Config seed = node("seed", "sampo", 1);
        Config worker = node("worker", "other", 2);
        assertThat(check.check(worker, seed)).as("left to the joiner").isEqualTo(Valid.getInstance());
        assertThat(problems(check.check(seed, worker)))
                .isEqualTo("the name of the cluster is other here and sampo at the other node; expected the same, "
                        + "the protocol version is 2 here and 1 at the other node; expected the same");
    }

    @Test
    void aSeedRefusesASeedOfAnotherCluster() {
        assertThat(problems(check.check(node("seed", "other", 1), node("seed", "sampo", 1))))
                .contains("the name of the cluster is sampo here and other at the other node");
    }

    @Test
    void refusesANodeThatDoesNotSayWhatItIs() {
        assertThat(problems(check.check(ConfigFactory.empty(), node("seed", "sampo", 1))))
                .contains("does not say its sampo.join.cluster");
    }

    private static Config node(String program, String cluster, int protocol) {
        return ConfigFactory.parseMap(Map.of(
                JoinCheck.PROGRAM, program,
                JoinCheck.CLUSTER, cluster,
                JoinCheck.PROTOCOL, protocol));
    }

    private static String problems(ConfigValidation validation) {
        assertThat(validation).isInstanceOf(Invalid.class);
        return String.join(", ", CollectionConverters.asJava(((Invalid) validation).errorMessages()));
    }
}
