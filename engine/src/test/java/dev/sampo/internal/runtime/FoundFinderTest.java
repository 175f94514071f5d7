package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.config.EngineConfig;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import org.junit.jupiter.api.Test;

/** The engine by itself, as an application embeds it. How node programs are distributed is tested in deploy. */
class FoundFinderTest {
    @Test
    void theEngineItselfKnowsListsAndNames() {
        assertThat(FoundFinder.of(settings("sampo.cluster.discovery = list"))).isEqualTo(FoundFinder.NONE);
        assertThat(FoundFinder.of(
                        settings("sampo.cluster.discovery = dns, sampo.cluster.dns.name = seeds.example.org")))
                .isEqualTo(FoundFinder.NONE);
    }

    @Test
    void anApplicationThatAsksForKubernetesIsToldThatItCannot() {
        assertThatThrownBy(() -> FoundFinder.of(settings("sampo.cluster.discovery = kubernetes")))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("sampo.cluster.discovery: kubernetes")
                .hasMessageContaining("expected list or dns");
    }

    @Test
    void twoSeedsAreRefusedHoweverTheyAreFound() {
        for (String section : new String[] {"dns", "kubernetes"}) {
            assertThatThrownBy(() -> settings("sampo.cluster." + section + ".seeds = 2"))
                    .isInstanceOf(SampoException.class)
                    .hasMessageContaining(
                            "sampo.cluster." + section + ".seeds: 2; expected one seed, or three or more");
        }
    }

    private static ClusterSettings settings(String text) {
        return EngineSettings.from(EngineConfig.load(ConfigFactory.parseString(text)))
                .cluster();
    }
}
