package dev.sampo.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NodeArgumentsTest {
    private final NodeArguments arguments = new NodeArguments("/etc/sampo/seed.conf", () -> "10.0.0.5");

    @Test
    void addsTheSettingsOfTheImageAndTheAddressOfTheContainer() {
        assertThat(arguments.complete(List.of("--http-port", "1")))
                .containsExactly("--http-port", "1", "--config=/etc/sampo/seed.conf", "--host=10.0.0.5");
    }

    @Test
    void leavesWhatTheOperatorSaid() {
        assertThat(arguments.complete(List.of("--host", "a", "--config=b")))
                .containsExactly("--host", "a", "--config=b");
    }
}
