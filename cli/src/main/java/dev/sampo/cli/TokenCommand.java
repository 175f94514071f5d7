package dev.sampo.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a token of the API. The file gets its digest, stdout the token: it is not kept anywhere. */
@Command(
        name = "token",
        description = {
            "Makes a token of the HTTP API: prints it once, and adds its digest to a file for sampo.security.api.tokens-file.",
            "Delete its line in the file to take it away; a running seed notices."
        })
final class TokenCommand implements Callable<Integer> {
    private static final int BYTES = 32;
    /** Lets scanners for secrets find a token that was committed by mistake. */
    private static final String PREFIX = "sampo_";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final String HEAD =
            "# Tokens of Sampo's HTTP API, one a line, as SHA-256 digests; the tokens themselves" + " are not kept.\n";

    /** What the holder of a token may do. */
    enum Role {
        /** Look at jobs, nodes and events. */
        VIEW,
        /** Submit and cancel jobs too. */
        SUBMIT,
        /** Drain nodes too. */
        ADMIN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "view; submit, which is to run code on the workers; or admin (default: ${DEFAULT-VALUE})")
    private Role role = Role.SUBMIT;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Whose it is, for the audit log (default: one by its role)")
    private @Nullable String name;

    @Option(names = "--file", paramLabel = "FILE", description = "The file of tokens (default: ${DEFAULT-VALUE})")
    private Path file = Path.of("tokens.conf");

    /** Injected by picocli. */
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        SecureRandom random = new SecureRandom();
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        String whose = name == null ? role + "-" + HexFormat.of().toHexDigits(random.nextInt()) : name;
        if (!NAME.matcher(whose).matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--name: " + whose + "; expected at most 64 letters, digits, '.', '_', '@' and '-'");
        }
        try {
            add(whose, token);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.OUTPUT_UNWRITABLE,
                    file + " cannot be written: " + e + "; expected a file this user may read and write",
                    e);
        }
        Streams streams = SampoCommand.streams(spec);
        streams.err().println("Added " + whose + " (" + role + ") to " + file + "; the token is shown this once:");
        streams.out().println(token);
        return ExitCode.OK.number();
    }

    private void add(String whose, String token) throws IOException {
        String before = Files.exists(file) ? Files.readString(file) : HEAD;
        if (names(before).contains(whose)) {
            throw new SampoException(
                    ErrorCode.OUTPUT_EXISTS,
                    file + " has a token named " + whose
                            + " already; expected another --name, or its line deleted first");
        }
        String after = (before.isEmpty() || before.endsWith("\n") ? before : before + "\n") + "tokens += { name = \""
                + whose + "\", role = " + role + ", sha256 = \"" + sha256(token) + "\" }\n";
        names(after);
        PrivateFile.replace(file, after);
    }

    private List<String> names(String text) {
        try {
            Config config = ConfigFactory.parseString(text).resolve(ConfigResolveOptions.noSystem());
            return config.hasPath("tokens")
                    ? config.getConfigList("tokens").stream()
                            .map(entry -> entry.getString("name"))
                            .toList()
                    : List.of();
        } catch (ConfigException e) {
            throw new SampoException(
                    ErrorCode.INPUT_CORRUPT,
                    "the tokens in " + file + " cannot be read, or none can be added: " + e.getMessage()
                            + "; expected lines of the form tokens += { name, role, sha256 }",
                    e);
        }
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
