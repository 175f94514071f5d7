package dev.sampo.internal.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A seed that answers as a test tells it to, over real HTTP. It remembers what it was asked. */
final class FakeSeed implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Answers> answers = new ConcurrentHashMap<>();

    /** How a request is answered. */
    @FunctionalInterface
    interface Answer {
        void give(HttpExchange exchange) throws IOException;
    }

    /** A request as it came. */
    record Asked(String method, String path, String query, String authorization, String body) {}

    /** What a path answers: the first time, the second and so on; the last one from then on. */
    private record Answers(List<Answer> inTurn, AtomicInteger given) {
        Answer next() {
            return inTurn.get(Math.min(given.getAndIncrement(), inTurn.size() - 1));
        }
    }

    private FakeSeed(HttpServer server) {
        this.server = server;
    }

    static FakeSeed start() throws IOException {
        return startAt(0);
    }

    static FakeSeed startAt(int port) throws IOException {
        FakeSeed seed =
                new FakeSeed(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
        seed.server.setExecutor(seed.threads);
        seed.server.createContext("/", seed::handle);
        seed.server.start();
        return seed;
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Sets what {@code METHOD /path} answers, in turn. */
    FakeSeed on(String methodAndPath, Answer... inTurn) {
        answers.put(methodAndPath, new Answers(List.of(inTurn), new AtomicInteger()));
        return this;
    }

    /** Returns the requests of {@code METHOD /path} so far. */
    List<Asked> asked(String methodAndPath) {
        return asked.stream()
                .filter(request -> (request.method + " " + request.path).equals(methodAndPath))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream in = exchange.getRequestBody()) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            String query = exchange.getRequestURI().getQuery();
            Asked request = new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    query == null ? "" : query,
                    authorization == null ? "" : authorization,
                    new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            asked.add(request);
            Answers known = answers.get(request.method + " " + request.path);
            if (known == null) {
                problem(404, "JOB_UNKNOWN", "no such job").give(exchange);
            } else {
                known.next().give(exchange);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static Answer json(int status, String body) {
        return bytes(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer problem(int status, String code, String detail) {
        String body = "{\"status\":" + status + ",\"code\":\"" + code + "\",\"detail\":\"" + detail + "\"}";
        return bytes(status, "application/problem+json", body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer bytes(int status, String type, byte[] body) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        };
    }

    static Answer retryAfter(int status, int seconds) {
        return exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "" + seconds);
            exchange.sendResponseHeaders(status, -1);
        };
    }

    /** Breaks the connection before the end of the body. */
    static Answer broken(byte[] body, int after) {
        return exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, after);
            exchange.getResponseBody().flush();
            throw new IOException("on purpose");
        };
    }

    /** Breaks the connection without an answer. */
    static Answer hangUp() {
        return exchange -> {
            throw new IOException("on purpose");
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
