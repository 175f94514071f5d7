package dev.sampo.internal.client;

import dev.sampo.internal.config.ClientSettings;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The HTTP API of a cluster as it is, for those who show it: each call is made once to each seed, and waits. */
public final class SeedApi implements AutoCloseable {
    private static final int MOST_ERROR_BYTES = 1 << 16;

    private final SeedHttp http;

    /**
     * Prepares the way to a cluster; connects to nobody yet.
     *
     * @throws SampoException when the token or the certificates cannot be read
     */
    public SeedApi(SeedUris seeds, ClientSettings settings) {
        this.http = new SeedHttp(seeds, settings);
    }

    /**
     * Returns what is at a path.
     *
     * @param path the path and query, which begin with a slash
     * @param wait how much longer than usual the answer may take
     * @throws SampoException what the seed says is wrong, or {@link ErrorCode#NO_ANSWER}
     */
    public String get(String path, Duration wait) throws InterruptedException {
        return text(path, http.get(path, wait));
    }

    /** Posts JSON to a path and returns the answer, which may be empty; otherwise as {@link #get}. */
    public String post(String path, String json) throws InterruptedException {
        return text(path, http.post(path, json));
    }

    private String text(String path, SeedHttp.Call call) throws InterruptedException {
        try {
            HttpResponse<byte[]> answer = http.await(call, BodyHandlers.ofByteArray());
            if (answer.statusCode() / 100 == 2) {
                return new String(answer.body(), StandardCharsets.UTF_8);
            }
            throw SeedProblem.of(path, answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw unreachable(path, e);
        }
    }

    /**
     * Opens what is at a path as a stream, to be closed by the caller; otherwise as {@link #get}.
     *
     * @param headers the headers of the request
     */
    public InputStream open(String path, Map<String, String> headers) throws InterruptedException {
        try {
            HttpResponse<InputStream> answer = http.await(http.get(path, headers), BodyHandlers.ofInputStream());
            if (answer.statusCode() / 100 == 2) {
                return answer.body();
            }
            try (InputStream body = answer.body()) {
                throw SeedProblem.of(path, answer.statusCode(), body.readNBytes(MOST_ERROR_BYTES));
            }
        } catch (IOException e) {
            throw unreachable(path, e);
        }
    }

    private SampoException unreachable(String path, IOException e) {
        return new SampoException(
                ErrorCode.NO_ANSWER,
                path + ": no seed answers: " + e.getMessage() + "; expected a living seed at one of " + http.seeds(),
                e);
    }

    @Override
    public void close() {
        http.close();
    }
}
