package dev.sampo.internal.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Who may reach a node, and as whom. An embedded engine reads none of this.
 *
 * @param tls the certificates of the node; empty for plain connections
 * @param tokensFile the tokens of the API; empty for an API that asks for none
 * @param reload how long changes of these files may go unnoticed
 * @param allowInsecure whether a node without certificates may bind to more than loopback
 */
public record SecuritySettings(
        Optional<TlsSettings> tls, Optional<Path> tokensFile, Duration reload, boolean allowInsecure) {
    private static final String TOKENS_FILE = "tokens-file";

    static SecuritySettings from(ConfigReader reader) {
        Duration reload = reader.duration("reload", Duration.ofMillis(1), Duration.ofDays(1));
        ConfigReader api = reader.section("api");
        Optional<Path> tokens = api.pathOrNone(TOKENS_FILE);
        tokens.ifPresent(file -> TlsSettings.requireReadable(api, TOKENS_FILE, file));
        return new SecuritySettings(
                TlsSettings.from(reader.section("tls"), reload), tokens, reload, reader.bool("allow-insecure"));
    }
}
