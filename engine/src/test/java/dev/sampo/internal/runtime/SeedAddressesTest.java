package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.config.EngineConfig;
import dev.sampo.internal.config.EngineSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeedAddressesTest {
    @Test
    void writesItsOwnAddressAsTheNodeIsKnown() {
        assertThat(of("127.0.0.1", 25520, "localhost:25520", "10.0.0.2:25520", "10.0.0.3:25520"))
                .startsWith("127.0.0.1:25520", "10.0.0.2:25520", "10.0.0.3:25520");
        assertThat(of("127.0.0.1", 25520, "localhost:25520"))
                .as("a lone seed joins itself at once")
                .containsExactly("127.0.0.1:25520");
    }

    @Test
    void triesTheAddressesOfANameToo() {
        assertThat(of("127.0.0.1", 0, "localhost:25520"))
                .startsWith("localhost:25520")
                .contains("127.0.0.1:25520");
    }

    @Test
    void keepsNamesThatAreNotKnownYet() {
        assertThat(of("127.0.0.1", 0, "no-such-name.invalid:25520")).containsExactly("no-such-name.invalid:25520");
    }

    private static List<String> of(String host, int port, String... seeds) {
        Map<String, Object> overrides =
                Map.of("sampo.cluster.host", host, "sampo.cluster.port", port, "sampo.cluster.seeds", List.of(seeds));
        return SeedAddresses.of(EngineSettings.from(EngineConfig.load(ConfigFactory.parseMap(overrides)))
                .cluster());
    }
}
