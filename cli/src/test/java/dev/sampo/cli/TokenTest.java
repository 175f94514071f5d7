package dev.sampo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.cli.CliFixture.Outcome;
import dev.sampo.internal.config.ApiRole;
import dev.sampo.internal.security.ApiTokens;
import dev.sampo.internal.security.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
    @TempDir
    private Path folder;

    @Test
    void whatItPrintsOpensTheApiAndIsNotInTheFile() throws IOException {
        String admin = token("--role", "admin", "--name", "ann").out().strip();
        String viewer = token("--role", "view").out().strip();

        ApiTokens tokens = ApiTokens.load(file(), Duration.ofDays(1), InstantSource.system());
        assertThat(tokens.authenticate(admin)).contains(new Principal("ann", ApiRole.ADMIN));
        assertThat(tokens.authenticate(viewer))
                .hasValueSatisfying(who -> assertThat(who.role()).isEqualTo(ApiRole.VIEW));
        assertThat(Files.readString(file())).doesNotContain(admin, admin.substring(6), viewer);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesANameTwice() {
        token("--name", "ann");

        Outcome again = token("--name", "ann");

        assertThat(again.exitCode()).isEqualTo(ExitCode.OUTPUT.number());
        assertThat(again.out()).isEmpty();
        assertThat(again.err()).contains("has a token named ann already; expected another --name");
    }

    @Test
    void leavesAFileAloneThatItCannotRead() throws IOException {
        Files.writeString(file(), "{ \"tokens\": [] }");

        Outcome outcome = token("--name", "ann");

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.INPUT.number());
        assertThat(outcome.err()).contains("expected lines of the form tokens += { name, role, sha256 }");
        assertThat(file()).hasContent("{ \"tokens\": [] }");
    }

    private Path file() {
        return folder.resolve("tokens.conf");
    }

    private Outcome token(String... options) {
        String[] args = new String[options.length + 3];
        args[0] = "token";
        args[1] = "--file";
        args[2] = file().toString();
        System.arraycopy(options, 0, args, 3, options.length);
        return CliFixture.run(args);
    }
}
