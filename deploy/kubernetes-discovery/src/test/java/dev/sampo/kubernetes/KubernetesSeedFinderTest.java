package dev.sampo.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.config.EngineConfig;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the libraries are told. That nodes find each other so is tested in deploy, with node programs. */
class KubernetesSeedFinderTest {
    private final KubernetesSeedFinder finder = new KubernetesSeedFinder();

    @Test
    void asManySeedsAsThereShouldBeHaveToAnswerBeforeAClusterIsFormed() {
        Config config = finder.defaults(
                        settings("sampo.cluster.kubernetes { seeds = 3, port = 4711, namespace = jobs }"))
                .resolve();
        assertThat(config.getInt(
                        "pekko.management.cluster.bootstrap.contact-point-discovery.required-contact-point-nr"))
                .isEqualTo(3);
        assertThat(config.getBoolean(
                        "pekko.management.cluster.bootstrap.contact-point-discovery.contact-with-all-contact-points"))
                .isTrue();
        assertThat(config.getInt("pekko.management.http.port")).isEqualTo(4711);
        assertThat(config.getString("pekko.discovery.kubernetes-api.pod-namespace"))
                .isEqualTo("jobs");
    }

    @Test
    void onlyWhatBootstrapAsksIsServed() {
        Map<String, Object> routes = finder.defaults(settings(""))
                .resolve()
                .getObject("pekko.management.http.routes")
                .unwrapped();
        assertThat(routes)
                .hasEntrySatisfying(
                        "cluster-bootstrap",
                        route -> assertThat(route).asString().contains("ClusterBootstrap"))
                .hasEntrySatisfying("health-checks", route -> assertThat(route).isEqualTo(""))
                .hasSize(2);
    }

    @Test
    void workersNeverFormACluster() {
        String key = "pekko.management.cluster.bootstrap.new-cluster-enabled";
        assertThat(finder.required(true).getBoolean(key)).isTrue();
        assertThat(finder.required(false).getBoolean(key)).isFalse();
    }

    @Test
    void whereNoPodIsNothingIsFound() {
        Config nowhere = ConfigFactory.parseString("""
                pekko.discovery.kubernetes-api {
                  api-service-host-env-name = NO_SUCH_VARIABLE_OF_SAMPO
                  api-service-port-env-name = PATH
                  api-ca-path = /no/such/file
                  api-token-path = /no/such/file
                }
                """);
        assertThatThrownBy(() -> finder.check(nowhere))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("the environment has no NO_SUCH_VARIABLE_OF_SAMPO; expected a pod");
        Config variables = ConfigFactory.parseString("pekko.discovery.kubernetes-api.api-service-host-env-name = PATH")
                .withFallback(nowhere);
        assertThatThrownBy(() -> finder.check(variables)).hasMessageContaining("/no/such/file cannot be read");
    }

    private static ClusterSettings settings(String text) {
        return EngineSettings.from(EngineConfig.load(ConfigFactory.parseString(text)))
                .cluster();
    }
}
