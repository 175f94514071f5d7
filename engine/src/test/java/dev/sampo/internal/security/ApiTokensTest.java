package dev.sampo.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.config.ApiRole;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiTokensTest {
    private static final Duration RELOAD = Duration.ofSeconds(5);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);

    @TempDir
    private Path folder;

    @Test
    void knowsTokensOfHoconLinesAndOfJson() throws IOException {
        ApiTokens lines = load(line("ann", "admin", "secret-a") + line("bob", "view", "secret-b"));
        assertThat(lines.authenticate("secret-a")).contains(new Principal("ann", ApiRole.ADMIN));
        assertThat(lines.authenticate("secret-b")).contains(new Principal("bob", ApiRole.VIEW));
        assertThat(lines.authenticate("secret-c")).isEmpty();
        assertThat(lines.authenticate("")).isEmpty();
        assertThat(lines.authenticate(sha256("secret-a"))).isEmpty();
        assertThat(lines.authenticate("x".repeat(1 << 20))).isEmpty();

        ApiTokens json = load("{\"tokens\": [{\"name\": \"ci\", \"role\": \"submit\", \"sha256\": \""
                + sha256("t").toUpperCase(java.util.Locale.ROOT) + "\"}]}");
        assertThat(json.authenticate("t")).contains(new Principal("ci", ApiRole.SUBMIT));
    }

    @Test
    void aRoleImpliesThoseBelow() {
        assertThat(ApiRole.ADMIN.implies(ApiRole.SUBMIT)).isTrue();
        assertThat(ApiRole.SUBMIT.implies(ApiRole.SUBMIT)).isTrue();
        assertThat(ApiRole.SUBMIT.implies(ApiRole.ADMIN)).isFalse();
        assertThat(new Principal("v", ApiRole.VIEW).may(ApiRole.SUBMIT)).isFalse();
    }

    @Test
    void takesAChangedFileAndKeepsTheTokensWhileItIsBroken() throws IOException {
        ApiTokens tokens = load(line("ann", "admin", "a"));

        write(line("bob", "view", "b"));
        assertThat(tokens.authenticate("a")).as("not looked at yet").isPresent();
        now.updateAndGet(time -> time.plus(RELOAD));
        assertThat(tokens.authenticate("a")).isEmpty();
        assertThat(tokens.authenticate("b")).isPresent();

        write("tokens = [");
        now.updateAndGet(time -> time.plus(RELOAD));
        assertThat(tokens.authenticate("b")).isPresent();

        Files.delete(file());
        now.updateAndGet(time -> time.plus(RELOAD));
        assertThat(tokens.authenticate("b")).isPresent();

        write(line("cat", "view", "c"));
        now.updateAndGet(time -> time.plus(RELOAD));
        assertThat(tokens.authenticate("b")).isEmpty();
        assertThat(tokens.authenticate("c")).isPresent();
    }

    @Test
    void reportsAllProblemsWithTheirLines() {
        assertThatThrownBy(() -> load("""
                        tokens += { name = "ann", role = admin, sha256 = "12" }
                        tokens += { name = "a b", role = root, sha256 = "%s" }
                        tokens += { name = "ann", rule = view, sha256 = "%s" }
                        """.formatted(sha256("x"), sha256("x"))))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("tokens.conf:1: token.sha256: 12; expected 64 hexadecimal digits")
                .hasMessageContaining("tokens.conf:2: token.name: a b; expected a name")
                .hasMessageContaining("tokens.conf:2: token.role: root; expected one of view, submit, admin")
                .hasMessageContaining("tokens.conf:3: token.name: ann; expected a name that no other token has")
                .hasMessageContaining("token.rule: unknown key; did you mean token.role?")
                .hasMessageContaining("tokens.conf:3: token.sha256: " + sha256("x") + "; expected a token that is not");
    }

    @Test
    void refusesAFileThatOthersMayWrite() throws IOException {
        write(line("ann", "admin", "a"));
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatThrownBy(() -> ApiTokens.load(file(), RELOAD, now::get))
                .hasMessageContaining("others than the owner may write " + file() + "; expected mode 600");
    }

    private ApiTokens load(String text) throws IOException {
        write(text);
        return ApiTokens.load(file(), RELOAD, now::get);
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }

    private Path file() {
        return folder.resolve("tokens.conf");
    }

    private static String line(String name, String role, String token) {
        return "tokens += { name = \"" + name + "\", role = " + role + ", sha256 = \"" + sha256(token) + "\" }\n";
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
