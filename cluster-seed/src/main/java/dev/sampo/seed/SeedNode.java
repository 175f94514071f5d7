package dev.sampo.seed;

import com.typesafe.config.Config;
import dev.sampo.internal.runtime.NodeProcess;
import dev.sampo.seed.http.ApiServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** A seed with all that it serves: the cluster, and the HTTP API for those who are no members of it. */
public final class SeedNode {
    private SeedNode() {}

    /**
     * Starts a seed.
     *
     * @param config keys under the root {@code sampo}
     * @throws dev.sampo.spi.SampoException when a setting is wrong, or an address cannot be listened at
     */
    public static NodeProcess start(Config config) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        return NodeProcess.seed(
                config.withFallback(ApiServer.defaults()),
                registry,
                seed -> seed.settings().http().enabled() ? ApiServer.start(seed, registry) : registry::close);
    }
}
