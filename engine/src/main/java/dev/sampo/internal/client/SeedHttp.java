package dev.sampo.internal.client;

import dev.sampo.internal.config.ClientSettings;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the seeds: sends a request to the one that answered last, and to the others in turn when it does not answer
 * or is not ready. Safe for many threads. Does not repeat a round; its callers do, for they know how long.
 */
public final class SeedHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SeedHttp.class);

    private final SeedUris seeds;
    private final HttpClient http;
    private final @Nullable String authorization;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final AtomicInteger current = new AtomicInteger();

    /**
     * Prepares the way; connects to nobody yet.
     *
     * @throws SampoException when the token or the certificates cannot be read
     */
    public SeedHttp(SeedUris seeds, ClientSettings settings) {
        this.seeds = seeds;
        this.timeout = settings.requestTimeout();
        String token = token(settings);
        this.authorization = token == null ? null : "Bearer " + token;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER) // or the token would go wherever an answer points to
                .connectTimeout(settings.connectTimeout());
        settings.caFile().ifPresent(file -> builder.sslContext(TrustedAuthorities.read(file)));
        this.http = builder.build();
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sampo-http");
            thread.setDaemon(true);
            return thread;
        });
        if (token != null) {
            warnOfPlainText();
        }
    }

    /**
     * A request to any seed.
     *
     * @param method its method
     * @param path its path from the root of the API, with its query
     * @param headers its own headers
     * @param body makes its body, anew for each seed that is tried
     * @param timeout how long the answer may take to begin
     */
    record Call(
            String method, String path, Map<String, String> headers, Supplier<BodyPublisher> body, Duration timeout) {}

    Call get(String path, Map<String, String> headers) {
        return new Call("GET", path, headers, BodyPublishers::noBody, timeout);
    }

    Call get(String path, Duration wait) {
        return new Call("GET", path, Map.of(), BodyPublishers::noBody, timeout.plus(wait));
    }

    Call head(String path) {
        return new Call("HEAD", path, Map.of(), BodyPublishers::noBody, timeout);
    }

    Call post(String path, String json) {
        return new Call(
                "POST", path, Map.of("Content-Type", "application/json"), () -> BodyPublishers.ofString(json), timeout);
    }

    /** The thread on which what happens later happens; ends with this object. */
    ScheduledExecutorService timer() {
        return timer;
    }

    Duration timeout() {
        return timeout;
    }

    SeedUris seeds() {
        return seeds;
    }

    /** Takes the answer to a request: what a seed says, whatever its status, or why none answers. */
    @FunctionalInterface
    interface OnAnswer<T> {
        void take(@Nullable HttpResponse<T> response, @Nullable Throwable failure);
    }

    /** Sends a request and hands the answer over, mostly on the thread of {@link #timer()}. */
    <T> void send(Call call, BodyHandler<T> handler, OnAnswer<T> answer) {
        try {
            attempt(call, handler, current.get(), 0, new ArrayList<>(), answer);
        } catch (RejectedExecutionException e) {
            answer.take(null, new IOException("the connection to the cluster is closed", e));
        }
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @throws IOException when no seed answers
     */
    <T> HttpResponse<T> await(Call call, BodyHandler<T> handler) throws IOException, InterruptedException {
        AskedStage<HttpResponse<T>> stage = new AskedStage<>("sampo-http-answer");
        send(call, handler, stage::end);
        Throwable failure = stage.awaitFailure();
        HttpResponse<T> response = stage.value();
        if (response == null) {
            throw failure instanceof IOException known ? known : new IOException(String.valueOf(failure), failure);
        }
        return response;
    }

    private <T> void attempt(
            Call call, BodyHandler<T> handler, int first, int tried, List<String> failures, OnAnswer<T> answer) {
        int index = (first + tried) % seeds.seeds().size();
        CompletableFuture<HttpResponse<T>> exchange = http.sendAsync(request(call, index), handler);
        // the timeout of the request itself ends with the head of its answer
        ScheduledFuture<?> limit =
                timer.schedule(() -> exchange.cancel(true), call.timeout.toMillis() + 100, TimeUnit.MILLISECONDS);
        var unused = exchange.whenCompleteAsync(
                (response, failure) -> {
                    limit.cancel(false);
                    boolean last = tried + 1 == seeds.seeds().size();
                    if (response != null && (last || !isNotReady(response.statusCode()))) {
                        current.compareAndSet(first, index);
                        answer.take(response, null);
                        return;
                    }
                    failures.add(seeds.seeds().get(index) + ": " + text(call, response, failure));
                    if (last) {
                        answer.take(null, new IOException(String.join("; ", failures)));
                    } else {
                        attempt(call, handler, first, tried + 1, failures, answer);
                    }
                },
                timer);
    }

    /** Returns whether an answer means that the seed, or a proxy before it, cannot do its work for now. */
    static boolean isNotReady(int status) {
        return status == 502 || status == 503 || status == 504;
    }

    private static String text(Call call, @Nullable HttpResponse<?> response, @Nullable Throwable failure) {
        if (response != null) {
            return "answered " + response.statusCode();
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof CancellationException || cause instanceof HttpTimeoutException) {
            return "no answer within " + call.timeout.toMillis() + " ms";
        }
        if (cause instanceof SSLException) {
            return "TLS fails: " + cause.getMessage() + "; expected a certificate for this host of a CA that is trusted"
                    + " (sampo.client.ca-file, --ca)";
        }
        while (cause != null && cause.getCause() != null && cause.getMessage() == null) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return "no answer";
        }
        return cause.getMessage() == null || cause.getMessage().isEmpty()
                ? cause.getClass().getSimpleName()
                : cause.getMessage();
    }

    private HttpRequest request(Call call, int index) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(
                        URI.create(seeds.seeds().get(index) + call.path))
                .timeout(call.timeout)
                .method(call.method, call.body.get());
        call.headers.forEach(builder::header);
        if (authorization != null) {
            builder.header("Authorization", authorization);
        }
        return builder.build();
    }

    private void warnOfPlainText() {
        for (URI seed : seeds.seeds()) {
            boolean local = seed.getHost().equals("localhost")
                    || seed.getHost().startsWith("127.")
                    || seed.getHost().equals("[::1]");
            if (seed.getScheme().equalsIgnoreCase("http") && !local) {
                LOG.warn("the token travels to {} as plain text; expected https", seed);
            }
        }
    }

    private static @Nullable String token(ClientSettings settings) {
        if (settings.token().isPresent()) {
            return checked(settings.token().get(), "sampo.client.token");
        }
        if (settings.tokenFile().isEmpty()) {
            return null;
        }
        Path file = settings.tokenFile().get();
        try {
            return checked(Files.readString(file).strip(), "token file " + file);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID, "token file " + file + " cannot be read: " + e + "; expected a file", e);
        }
    }

    private static String checked(String token, String where) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID, where + " holds no token; expected ASCII without blanks, on one line");
        }
        return token;
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
