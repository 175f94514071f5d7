package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sampo.it.Commands.Outcome;
import dev.sampo.it.Programs.Program;
import dev.sampo.seed.SeedMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API over HTTPS with tokens, as the commands of docs/security.md set it up and use it. */
@Tag("slow")
class SecuredApiIT {
    /** Exit codes of the command line. */
    private static final int UNREACHABLE = 9;

    private static final int ACCESS = 10;
    private static final Pattern API = Pattern.compile("Sampo API at https://127\\.0\\.0\\.1:(\\d+)/");

    @TempDir
    static Path directory = Path.of("");

    private static Programs programs = new Programs(directory);

    @SuppressWarnings("NullAway.Init")
    private static Program seed;

    private static String api = "";

    @BeforeAll
    static void startSeed() throws Exception {
        Outcome certificates = command("certs", "--out", "certs");
        assertThat(certificates.exitCode()).as(certificates.err()).isZero();
        assertThat(command("certs", "--out", "foreign").exitCode()).isZero();
        for (String role : List.of("view", "submit", "admin")) {
            Outcome token = command("token", "--role", role, "--name", "a-" + role, "--file", "tokens.conf");
            assertThat(token.exitCode()).as(token.err()).isZero();
            Files.writeString(directory.resolve(role), token.out());
        }
        programs = new Programs(
                directory,
                certificates.out(),
                "sampo.security.api.tokens-file = \"" + directory.resolve("tokens.conf") + "\"");
        seed = programs.start(SeedMain.class, "--port", "0");
        seed.awaitReady();
        Matcher address = API.matcher(seed.output());
        assertThat(address.find()).as(seed.output()).isTrue();
        api = "https://127.0.0.1:" + address.group(1);
    }

    @AfterAll
    static void kill() {
        programs.close();
    }

    @Test
    void aCommandWithTheCaAndATokenIsAnswered() throws Exception {
        Outcome nodes = asked("view", "certs/ca.pem", "nodes");
        assertThat(nodes.exitCode()).as(nodes.err()).isZero();
        assertThat(nodes.out()).contains("coordinator");
    }

    @Test
    void aSeedOfAnotherCaIsRefusedByItsClient() throws Exception {
        Outcome foreign = asked("view", "foreign/ca.pem", "nodes");
        assertThat(foreign.exitCode()).as(foreign.err()).isEqualTo(UNREACHABLE);
        assertThat(foreign.err())
                .startsWith("sampo: ")
                .contains(api, "certificate", "--ca")
                .hasLineCount(1);
        Outcome none = command("nodes", "--seed", api, "--token-file", "view");
        assertThat(none.exitCode()).isEqualTo(UNREACHABLE);
        assertThat(none.err())
                .contains("TLS fails: ", "certificate", "(sampo.client.ca-file, --ca)")
                .hasLineCount(1);
        Outcome plain = command("nodes", "--seed", api.replace("https", "http"), "--token-file", "view");
        assertThat(plain.exitCode()).as("nothing is said in plain text").isNotZero();
        assertThat(plain.out()).isEmpty();
    }

    @Test
    void refusalsEndWithTheCodeForAccess() throws Exception {
        Outcome without = command("nodes", "--seed", api, "--ca", "certs/ca.pem");
        assertThat(without.exitCode()).as(without.err()).isEqualTo(ACCESS);
        assertThat(without.err())
                .contains("the request has no token; expected the header Authorization")
                .hasLineCount(1);
        Files.writeString(directory.resolve("guessed"), "sampo_guessed\n");
        Outcome wrong = asked("guessed", "certs/ca.pem", "nodes");
        assertThat(wrong.exitCode()).as(wrong.err()).isEqualTo(ACCESS);
        assertThat(wrong.err()).contains("nobody has the token of the request").doesNotContain("sampo_guessed");
        Outcome submit = asked("view", "certs/ca.pem", "submit", "word-count", "--input", "in", "--output", "out");
        assertThat(submit.exitCode()).as(submit.err()).isEqualTo(ACCESS);
        assertThat(submit.err()).contains("the token of a-view has role view; expected role submit");
        Outcome drain = asked("submit", "certs/ca.pem", "drain", "127.0.0.1:1");
        assertThat(drain.exitCode()).as(drain.err()).isEqualTo(ACCESS);
        assertThat(drain.err()).contains("the token of a-submit has role submit; expected role admin");
    }

    @Test
    void aChangeLeavesALineOfWhoAskedForItInTheLogOfTheSeed() throws Exception {
        Outcome submitted = asked(
                "submit", "certs/ca.pem", "submit", "--id", "audited", "word-count", "--input", "in", "--output", "o");
        assertThat(submitted.exitCode()).as(submitted.err()).isZero();
        Outcome canceled = asked("admin", "certs/ca.pem", "cancel", "audited");
        assertThat(canceled.exitCode()).as(canceled.err()).isZero();
        assertThat(asked("view", "certs/ca.pem", "job", "audited").exitCode()).isZero();
        await().atMost(Programs.LIMIT)
                .untilAsserted(() -> assertThat(audited())
                        .satisfiesExactly(
                                line -> assertThat(line)
                                        .contains(
                                                "who=a-submit access=submit what=submit",
                                                "from=127.0.0.1 outcome=accepted"),
                                line -> assertThat(line)
                                        .contains(
                                                "who=a-admin access=admin what=cancel",
                                                "from=127.0.0.1 outcome=accepted")));
    }

    private static List<String> audited() throws IOException {
        return seed.output()
                .lines()
                .filter(line -> line.contains(" of=audited "))
                .toList();
    }

    private static Outcome asked(String token, String ca, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(1, List.of("--seed", api, "--ca", ca, "--token-file", token));
        return command(arguments.toArray(String[]::new));
    }

    private static Outcome command(String... arguments) throws Exception {
        return Commands.run(directory, arguments);
    }
}
