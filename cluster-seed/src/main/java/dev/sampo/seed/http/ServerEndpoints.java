package dev.sampo.seed.http;

import dev.sampo.internal.client.ClusterApi;
import dev.sampo.spi.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** What a server tells of itself: whether it lives, whether it can work, what it counted, what it can do. */
final class ServerEndpoints {
    private static final String OPENAPI = "openapi.json";
    private static final ContentType METRICS = MediaTypes.customWithFixedCharset(
                    "text", "plain", HttpCharsets.UTF_8, Map.of("version", "0.0.4"), true)
            .toContentType();

    private final ClusterApi cluster;
    private final ClusterMetrics metrics;
    private final byte[] openApi;

    ServerEndpoints(ClusterApi cluster, ClusterMetrics metrics) {
        this.cluster = cluster;
        this.metrics = metrics;
        this.openApi = openApi();
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(HttpMethods.GET, "/health", Access.NONE, this::health),
                Endpoint.of(HttpMethods.GET, "/ready", Access.NONE, this::ready),
                Endpoint.of(HttpMethods.GET, "/metrics", Access.VIEW, this::scrape),
                Endpoint.of(HttpMethods.GET, "/openapi.json", Access.VIEW, this::describe));
    }

    private CompletionStage<HttpResponse> health(ApiRequest request) {
        return CompletableFuture.completedFuture(Json.response(StatusCodes.OK, Map.of("status", "alive")));
    }

    private CompletionStage<HttpResponse> ready(ApiRequest request) {
        if (!cluster.isUp()) {
            throw notReady("this seed is not a full member of the cluster; expected it to be up");
        }
        return cluster.jobs(Set.of(), 0)
                .thenApply(answered -> Json.response(StatusCodes.OK, Map.of("status", "ready")));
    }

    private static ApiProblem notReady(String why) {
        return ApiProblem.retryable(StatusCodes.SERVICE_UNAVAILABLE, ErrorCode.ENGINE_CLOSED, why, 2);
    }

    private CompletionStage<HttpResponse> scrape(ApiRequest request) {
        return metrics.scrape()
                .thenApply(text -> HttpResponse.create()
                        .withEntity(
                                HttpEntities.create(METRICS, text.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    }

    private CompletionStage<HttpResponse> describe(ApiRequest request) {
        return CompletableFuture.completedFuture(
                HttpResponse.create().withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, openApi)));
    }

    private static byte[] openApi() {
        try (InputStream in = ServerEndpoints.class.getResourceAsStream(OPENAPI)) {
            if (in == null) {
                throw new IllegalStateException("resource " + OPENAPI + " is missing beside "
                        + ServerEndpoints.class.getName() + "; expected it in the same jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("resource " + OPENAPI + " cannot be read", e);
        }
    }
}
