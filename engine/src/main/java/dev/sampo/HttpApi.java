package dev.sampo;

import com.typesafe.config.Config;
import dev.sampo.internal.client.SeedApi;
import dev.sampo.internal.runtime.EngineRuntime;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The HTTP API of a cluster as it is, for tools that show what a cluster does: paths in, JSON out. To run jobs, use {@link
 * Sampo#connect(URI)}. Each call tries every seed once, and blocks. Safe for many threads.
 */
public final class HttpApi implements AutoCloseable {
    private final SeedApi seeds;

    private HttpApi(SeedApi seeds) {
        this.seeds = seeds;
    }

    /**
     * Prepares the way to a cluster; connects when there is something to ask.
     *
     * @param seeds the HTTP API of its seeds, of any or all
     * @param overrides settings under the root {@code sampo}, of which {@code sampo.client} counts
     * @throws dev.sampo.spi.SampoException as {@link Sampo#connect(List, Config)}
     */
    public static HttpApi at(List<URI> seeds, Config overrides) {
        return new HttpApi(EngineRuntime.api(seeds, overrides));
    }

    /**
     * Returns the text at a path, as {@code /v1/nodes}.
     *
     * @param path the path with its query
     * @param wait how much longer than usual the answer may take
     * @throws dev.sampo.spi.SampoException what the seed says is wrong, or {@link dev.sampo.spi.ErrorCode#NO_ANSWER}
     */
    public String get(String path, Duration wait) throws InterruptedException {
        return seeds.get(path, wait);
    }

    /** Posts JSON to a path and returns the answer, which may be empty; fails as {@link #get}. */
    public String post(String path, String json) throws InterruptedException {
        return seeds.post(path, json);
    }

    /**
     * Opens what is at a path as a stream, which the caller closes; fails as {@link #get}.
     *
     * @param headers headers of the request, as {@code Last-Event-ID}
     */
    public InputStream open(String path, Map<String, String> headers) throws InterruptedException {
        return seeds.open(path, headers);
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        seeds.close();
    }
}
