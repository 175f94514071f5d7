package dev.sampo.internal.client;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the HTTP API of a cluster's seeds is: one address or several, tried in turn. */
public record SeedUris(List<URI> seeds) {
    /**
     * Checks the addresses, and takes the slash from their ends.
     *
     * @throws SampoException of {@link ErrorCode#CONFIG_INVALID} when there is none, or one is not of HTTP
     */
    public SeedUris {
        seeds = seeds.stream().map(SeedUris::checked).toList();
        if (seeds.isEmpty()) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID, "no seed to connect to; expected one such as http://127.0.0.1:25580");
        }
    }

    /** Reads addresses that are parted by commas. */
    public static SeedUris parse(String text) {
        return new SeedUris(Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(seed -> !seed.isEmpty())
                .map(SeedUris::uri)
                .toList());
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw invalid(text, e);
        }
    }

    private static URI checked(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https"))
                || uri.getHost() == null
                || uri.getQuery() != null
                || uri.getFragment() != null
                || uri.getUserInfo() != null) {
            throw invalid(uri.toString(), null);
        }
        String text = uri.toString();
        return text.endsWith("/") ? uri(text.substring(0, text.length() - 1)) : uri;
    }

    private static SampoException invalid(String text, @Nullable Throwable cause) {
        return new SampoException(
                ErrorCode.CONFIG_INVALID,
                "seed '" + text + "'; expected the address of its HTTP API, as http://HOST:PORT or https://HOST:PORT",
                cause);
    }

    @Override
    public String toString() {
        return String.join(", ", seeds.stream().map(URI::toString).toList());
    }
}
