package dev.sampo.seed.http;

import dev.sampo.spi.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes every request to its endpoint, if it is let in and its client is allowed to, and makes an error response of every
 * failure. Safe for many threads.
 */
final class ApiHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
    private static final String BEARER = "Bearer ";
    private static final String UNMATCHED = "none";

    private final List<Endpoint> endpoints;
    private final RequestGate gate;
    private final Authenticator authenticator;
    private final ClusterMetrics metrics;
    private final Materializer materializer;

    ApiHandler(
            List<Endpoint> endpoints,
            RequestGate gate,
            Authenticator authenticator,
            ClusterMetrics metrics,
            Materializer materializer) {
        this.endpoints = List.copyOf(endpoints);
        this.gate = gate;
        this.authenticator = authenticator;
        this.metrics = metrics;
        this.materializer = materializer;
    }

    private record Found(Endpoint endpoint, Map<String, String> values) {}

    CompletionStage<HttpResponse> handle(HttpRequest request) {
        String from = request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(address -> address.getAddress())
                .map(address -> address.getHostAddress())
                .orElse("unknown");
        Found found = null;
        CompletionStage<HttpResponse> answer;
        try {
            found = find(request);
            answer = found.endpoint.access() == Access.NONE
                    ? found.endpoint.handler().handle(new ApiRequest(request, found.values, nobody(), from))
                    : guarded(request, found, from);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        String name = found == null ? UNMATCHED : found.endpoint.toString();
        return answer.exceptionally(failure -> problem(request, failure)).thenApply(response -> {
            metrics.answered(name, response.status().intValue());
            // what a handler did not read is in the way of the next request of the connection
            request.discardEntityBytes(materializer);
            return response;
        });
    }

    private static Authenticator.Client nobody() {
        return new Authenticator.Client("-", Access.NONE);
    }

    private Found find(HttpRequest request) {
        List<String> path = new ArrayList<>();
        request.getUri().pathSegments().forEach(path::add);
        List<Endpoint> there = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            Optional<Map<String, String>> values = endpoint.path().match(path);
            if (values.isPresent()) {
                if (endpoint.method().equals(request.method())) {
                    return new Found(endpoint, values.get());
                }
                there.add(endpoint);
            }
        }
        String shown = request.method().name() + " " + request.getUri().path();
        if (there.isEmpty()) {
            throw new ApiProblem(
                    StatusCodes.NOT_FOUND,
                    ErrorCode.NOT_FOUND,
                    "nothing is at this path; expected one of those that /openapi.json lists",
                    request.getUri().path());
        }
        String allowed =
                there.stream().map(endpoint -> endpoint.method().name()).collect(Collectors.joining(", "));
        throw new ApiProblem(
                        StatusCodes.METHOD_NOT_ALLOWED,
                        ErrorCode.REQUEST_INVALID,
                        shown + " is not offered; expected " + allowed,
                        request.method().name())
                .with("Allow", allowed);
    }

    private CompletionStage<HttpResponse> guarded(HttpRequest request, Found found, String from) {
        Optional<ApiProblem> refused = gate.enter(from);
        if (refused.isPresent()) {
            throw refused.get();
        }
        CompletionStage<HttpResponse> answer;
        try {
            Authenticator.Client client = authenticate(request, found.endpoint.access());
            answer = found.endpoint.handler().handle(new ApiRequest(request, found.values, client, from));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.whenComplete((response, failure) -> gate.leave());
    }

    private Authenticator.Client authenticate(HttpRequest request, Access needed) {
        String header = request.getHeader("Authorization").map(h -> h.value()).orElse("");
        String token = header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
        Authenticator.Client client = authenticator
                .authenticate(token)
                .orElseThrow(() -> new ApiProblem(
                                StatusCodes.UNAUTHORIZED,
                                ErrorCode.UNAUTHENTICATED,
                                (header.isEmpty() ? "the request has no token" : "nobody has the token of the request")
                                        + "; expected the header Authorization: Bearer TOKEN",
                                null)
                        .with("WWW-Authenticate", "Bearer realm=\"sampo\""));
        if (!client.access().implies(needed)) {
            throw new ApiProblem(
                    StatusCodes.FORBIDDEN,
                    ErrorCode.FORBIDDEN,
                    "the token of " + client.name() + " has role " + client.access() + "; expected role " + needed,
                    client.access().toString());
        }
        return client;
    }

    private static HttpResponse problem(HttpRequest request, Throwable failure) {
        ApiProblem problem = ApiProblem.of(failure);
        if (problem.status().equals(StatusCodes.INTERNAL_SERVER_ERROR)) {
            LOG.error("{} {} failed", request.method().name(), request.getUri().path(), failure);
        }
        return Json.response(problem, request.getUri().path());
    }
}
