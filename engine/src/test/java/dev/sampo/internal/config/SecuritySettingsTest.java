package dev.sampo.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecuritySettingsTest {
    @TempDir
    private Path folder;

    @Test
    void nothingIsSetByDefaultAndNothingInsecureIsAllowed() {
        assertThat(settings(""))
                .isEqualTo(new SecuritySettings(Optional.empty(), Optional.empty(), Duration.ofSeconds(5), false));
    }

    @Test
    void readsFilesThatAreThere() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        SecuritySettings settings = settings("""
                sampo.security { reload = 1m, api.tokens-file = "%1$s"
                  tls { certificate = "%1$s", key = "%1$s", ca = "%1$s" } }
                """.formatted(file));

        assertThat(settings.tls()).contains(new TlsSettings(file, file, file, Duration.ofMinutes(1)));
        assertThat(settings.tokensFile()).contains(file);
    }

    @Test
    void reportsEveryFileThatIsMissingWithItsLine() {
        assertThatThrownBy(() -> settings("""
                sampo.security.tls.certificate = /no/such/file.pem
                sampo.security.tls.key = none
                sampo.security.tls.ca = 7
                sampo.security.api.tokens-file = /no/such/tokens.conf
                """))
                .hasMessageContaining(
                        "node.conf:1: sampo.security.tls.certificate: /no/such/file.pem; expected a file that"
                                + " exists and that this process may read")
                .hasMessageContaining(
                        "node.conf:2: sampo.security.tls.key: none; expected a path, because another key of"
                                + " sampo.security.tls is set: all three, or none")
                .hasMessageContaining("node.conf:3: sampo.security.tls.ca: 7; expected a file")
                .hasMessageContaining(
                        "node.conf:4: sampo.security.api.tokens-file: /no/such/tokens.conf; expected a file");
    }

    private static SecuritySettings settings(String text) {
        return EngineSettings.from(EngineConfig.load(ConfigFactory.parseString(
                        text, ConfigParseOptions.defaults().setOriginDescription("node.conf"))))
                .security();
    }
}
