package dev.sampo.cli;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which cluster is meant, and what it is shown. Filled in by picocli. */
final class SeedOptions {
    private static final String DEFAULT_SEED = "http://127.0.0.1:25580";

    @Option(
            names = "--seed",
            paramLabel = "URL",
            split = ",",
            scope = ScopeType.INHERIT,
            description = "The HTTP API of a seed, or of several, parted by commas (default: the environment's"
                    + " SAMPO_SEED, or " + DEFAULT_SEED + ")")
    private List<String> seeds = List.of();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A file with the token that the seed wants (sampo.client.token-file; default: the"
                    + " environment's SAMPO_TOKEN_FILE)")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "PEM certificates to trust for https (sampo.client.ca-file; default: the environment's SAMPO_CA)")
    private @Nullable Path ca;

    /** Returns the addresses of the seeds. */
    List<URI> uris() {
        List<URI> uris = new ArrayList<>();
        for (String seed : names()) {
            try {
                uris.add(new URI(seed.strip()));
            } catch (URISyntaxException e) {
                throw new SampoException(
                        ErrorCode.CONFIG_INVALID, "--seed '" + seed + "'; expected http://HOST:PORT or https://", e);
            }
        }
        return uris;
    }

    private List<String> names() {
        if (!seeds.isEmpty()) {
            return seeds;
        }
        String environment = System.getenv("SAMPO_SEED");
        return environment == null || environment.isBlank() ? List.of(DEFAULT_SEED) : List.of(environment.split(","));
    }

    /** Adds what the cluster is shown. */
    void addTo(Settings settings) {
        set(settings, "sampo.client.token-file", tokenFile, "SAMPO_TOKEN_FILE", "--token-file");
        set(settings, "sampo.client.ca-file", ca, "SAMPO_CA", "--ca");
        settings.setDefault("sampo.client.submit-limit", "10s");
    }

    private static void set(Settings settings, String key, @Nullable Path file, String variable, String option) {
        String environment = System.getenv(variable);
        if (file != null) {
            settings.set(key, file.toString(), option);
        } else if (environment != null && !environment.isBlank()) {
            settings.setDefault(key, environment);
        }
    }

    /** Returns how a command line goes on to mean the same cluster. */
    String asOption() {
        return seeds.isEmpty() ? "" : " --seed " + String.join(",", seeds);
    }
}
