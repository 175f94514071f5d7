package dev.sampo.internal.security;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.config.SecuritySettings;
import dev.sampo.internal.config.TlsSettings;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindRuleTest {
    private static final Path FILE = Path.of("file");
    private static final Duration RELOAD = Duration.ofSeconds(5);
    private static final Optional<TlsSettings> TLS = Optional.of(new TlsSettings(FILE, FILE, FILE, RELOAD));

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
    void loopbackNeedsNothing(String host) {
        BindRule rule = rule(Optional.empty(), false, false);

        assertThatCode(() -> rule.checkNode("sampo.cluster.host", host)).doesNotThrowAnyException();
        assertThatCode(() -> rule.checkApi("sampo.http.host", host)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3", "192.168.0.1", "2001:db8::1", "169.254.1.1"})
    void whatOthersReachNeedsCertificates(String host) {
        BindRule rule = rule(Optional.empty(), true, false);

        assertThatThrownBy(() -> rule.checkNode("sampo.cluster.host", host))
                .isInstanceOf(SampoException.class)
                .hasMessageStartingWith("sampo.cluster.host: " + host + " is reached by other machines")
                .hasMessageContaining("sampo.security.tls");
        assertThatThrownBy(() -> rule.checkApi("sampo.http.host", host))
                .hasMessageContaining("tokens and data would travel in clear");
    }

    @Test
    void anApiThatOthersReachNeedsTokensToo() {
        assertThatThrownBy(() -> rule(TLS, false, false).checkApi("sampo.http.host", "0.0.0.0"))
                .hasMessageContaining("the API has no tokens")
                .hasMessageContaining("sampo.security.api.tokens-file");
        assertThatCode(() -> rule(TLS, true, false).checkApi("sampo.http.host", "0.0.0.0"))
                .doesNotThrowAnyException();
        assertThatCode(() -> rule(TLS, false, false).checkNode("sampo.cluster.host", "10.1.2.3"))
                .doesNotThrowAnyException();
    }

    @Test
    void whoAllowsItDeliberatelyGetsIt() {
        BindRule rule = rule(Optional.empty(), false, true);

        assertThatCode(() -> rule.checkNode("sampo.cluster.host", "10.1.2.3")).doesNotThrowAnyException();
        assertThatCode(() -> rule.checkApi("sampo.http.host", "0.0.0.0")).doesNotThrowAnyException();
    }

    @Test
    void aNameThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> rule(TLS, true, true).checkNode("sampo.cluster.host", "no-such-host.invalid"))
                .hasMessageContaining("the name service does not know no-such-host.invalid");
    }

    private static BindRule rule(Optional<TlsSettings> tls, boolean tokens, boolean allowInsecure) {
        return new BindRule(
                new SecuritySettings(tls, tokens ? Optional.of(FILE) : Optional.empty(), RELOAD, allowInsecure));
    }
}
