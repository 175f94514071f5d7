package dev.sampo.seed.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.runtime.NodeProcess;
import dev.sampo.internal.runtime.SeedServices;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A seed with its API in this JVM, at ports of its own, and a client that speaks to it over sockets. */
final class SeedFixture implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BOUNDARY = "frontier";

    private final NodeProcess node;
    private final SeedServices services;
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private SeedFixture(NodeProcess node, SeedServices services, int port) {
        this.node = node;
        this.services = services;
        this.port = port;
    }

    static SeedFixture start(Path temp, String settings) throws Exception {
        Config config = ConfigFactory.parseString(settings)
                .withFallback(
                        ConfigFactory.parseString("sampo.cluster.port = 0, sampo.http.port = 0, sampo.temp-dir = \""
                                + temp + "\", pekko.fail-mixed-versions = off"))
                .withFallback(ApiServer.defaults());
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        CompletableFuture<SeedServices> given = new CompletableFuture<>();
        CompletableFuture<Integer> bound = new CompletableFuture<>();
        NodeProcess node = NodeProcess.seed(config, registry, seed -> {
            ApiServer server = ApiServer.start(seed, registry);
            given.complete(seed);
            bound.complete(server.port());
            return server;
        });
        return new SeedFixture(node, given.get(1, TimeUnit.SECONDS), bound.get(1, TimeUnit.SECONDS));
    }

    SeedServices services() {
        return services;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        return client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> sendAsync(String method, String path) {
        return client.sendAsync(request(method, path, ""), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return builder.build();
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    /** Submits a body of parts, each a name, a type and a text. */
    HttpResponse<String> submit(String[]... parts) throws Exception {
        return send("POST", "/v1/jobs", multipart(parts), "Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    }

    static String multipart(String[]... parts) {
        StringBuilder body = new StringBuilder();
        for (String[] part : parts) {
            body.append("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"")
                    .append(part[0])
                    .append("\"\r\nContent-Type: ")
                    .append(part[1])
                    .append("\r\n\r\n")
                    .append(part[2])
                    .append("\r\n");
        }
        return body.append("--" + BOUNDARY + "--\r\n").toString();
    }

    /** Sends raw text over a socket of its own, which the caller closes. */
    Socket raw(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    /** A job that no worker can run, as JSON; it waits, for there is no worker. */
    static String job(String id, String name, String blobs) {
        return "{\"id\":\"" + id + "\",\"outline\":{\"name\":\"" + name
                + "\",\"sampled\":false,\"partitions\":[1],\"maxAttempts\":1,\"attemptTimeLimitMillis\":0,"
                + "\"output\":\"file:/nowhere/\",\"collected\":false,\"queue\":\"default\",\"speculation\":true,\"priority\":0},\"definition\":{\"inputs\":"
                + "[\"AAAA\"],\"stages\":[\"AAAA\"],\"sink\":\"AAAA\",\"splitBytes\":1,\"blobs\":[" + blobs + "]}}";
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        node.close();
    }
}
