package dev.sampo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.sampo.cli.CliFixture.Outcome;
import dev.sampo.internal.config.EngineConfig;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.config.TlsSettings;
import dev.sampo.internal.security.NodeTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertsTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private Path folder;

    @Test
    void makesWhatANodeStartsWithAndPrintsItsSettings() throws IOException {
        Outcome outcome = certs("--node", "seed:10.0.0.5,seed.example,fd00::5", "--days", "30");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        TlsSettings settings = EngineSettings.from(EngineConfig.load(ConfigFactory.parseString(outcome.out())))
                .security()
                .tls()
                .orElseThrow();
        NodeTls tls = NodeTls.load(settings, CLOCK);
        tls.requireName("host", "10.0.0.5");
        tls.requireName("host", "seed.example");
        tls.requireName("host", "fd00:0:0::5");
        assertThat(tls.expires())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(29)), Instant.now().plus(Duration.ofDays(30)));
        for (String key : new String[] {"ca-key.pem", "seed-key.pem"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(key))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void addsNodesToTheCaThatIsThere() throws IOException {
        assertThat(certs().exitCode()).isZero();
        byte[] ca = Files.readAllBytes(folder.resolve("ca.pem"));

        assertThat(certs("--node", "later").exitCode()).isZero();

        assertThat(folder.resolve("ca.pem")).hasBinaryContent(ca);
        NodeTls later = NodeTls.load(settings("later"), CLOCK);
        later.requireName("host", "localhost");
        later.requireName("host", "127.0.0.1");
    }

    @Test
    void overwritesNothing() throws IOException {
        assertThat(certs("--node", "one").exitCode()).isZero();
        byte[] key = Files.readAllBytes(folder.resolve("one-key.pem"));

        Outcome again = certs("--node", "two", "--node", "one");

        assertThat(again.exitCode()).isEqualTo(ExitCode.OUTPUT.number());
        assertThat(again.err()).contains("one.pem", "one-key.pem", "exist already; expected new names");
        assertThat(folder.resolve("one-key.pem")).hasBinaryContent(key);
        assertThat(folder.resolve("two.pem")).doesNotExist();
    }

    @Test
    void refusesHalfACa() throws IOException {
        certs();
        Files.delete(folder.resolve("ca-key.pem"));

        Outcome outcome = certs("--node", "more");

        assertThat(outcome.exitCode()).isEqualTo(ExitCode.INPUT.number());
        assertThat(outcome.err()).contains("ca-key.pem is missing; expected both files of the CA");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--node ca          | --node: ca; expected a name",
                "--node ../x        | --node: ../x; expected a name",
                "--node a:b_c       | 'b_c'; expected host names and addresses",
                "--node a:          | ''; expected host names and addresses",
                "--node a --node a  | --node: a twice; expected each node once",
                "--days 0           | --days: 0; expected a number from 1 to 3650"
            })
    void saysWhatIsWrongWithTheOptions(String options, String message) {
        Outcome outcome = certs(options.split(" +"));

        assertThat(outcome.err()).contains(message);
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE.number());
    }

    private TlsSettings settings(String node) {
        return new TlsSettings(
                folder.resolve(node + ".pem"),
                folder.resolve(node + "-key.pem"),
                folder.resolve("ca.pem"),
                Duration.ofDays(1));
    }

    private Outcome certs(String... options) {
        String[] args = new String[options.length + 3];
        args[0] = "certs";
        args[1] = "--out";
        args[2] = folder.toString();
        System.arraycopy(options, 0, args, 3, options.length);
        return CliFixture.run(args);
    }
}
