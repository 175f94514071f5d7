package dev.sampo.seed.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.config.HttpSettings;
import dev.sampo.internal.runtime.SeedServices;
import dev.sampo.internal.security.ApiTokens;
import dev.sampo.internal.security.NodeTls;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of one seed, in the seed's own actor system. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final Duration BIND_LIMIT = Duration.ofSeconds(10);
    /** How long requests that are being answered may take when the seed leaves. */
    private static final Duration FINISH_LIMIT = Duration.ofSeconds(3);
    /** What a handler may take beyond the longest wait it was asked for. */
    private static final Duration WORK_LIMIT = Duration.ofSeconds(30);

    /** Blobs that are written to the disk at the same time; more wait, and slow their clients down. */
    private static final int UPLOADS_AT_ONCE = 8;

    private final ServerBinding binding;
    private final ClusterMetrics metrics;
    private final ExecutorService uploads;

    private ApiServer(ServerBinding binding, ClusterMetrics metrics, ExecutorService uploads) {
        this.binding = binding;
        this.metrics = metrics;
        this.uploads = uploads;
    }

    /** Returns the defaults of the HTTP library, which a seed's actor system must have. */
    public static Config defaults() {
        return ConfigFactory.parseResources(Http.class.getClassLoader(), "reference.conf")
                .withOnlyPath("pekko.http");
    }

    /**
     * Starts the server.
     *
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when it cannot listen at its address, or other machines reach
     *     that and it has no certificates or no tokens
     */
    public static ApiServer start(SeedServices seed, PrometheusMeterRegistry registry) {
        HttpSettings settings = seed.settings().http();
        Optional<NodeTls> tls = seed.security().tls();
        seed.security().requireApiAddress("sampo.http.host", settings.host());
        ActorSystem<?> system = seed.system();
        Materializer materializer = SystemMaterializer.get(system).materializer();
        ClusterMetrics metrics = new ClusterMetrics(registry, seed.cluster());
        if (seed.security().tokens().isEmpty()) {
            LOG.info("The API asks for no tokens: whoever reaches {} may do everything", settings.host());
        }
        ExecutorService uploads = uploads();
        ApiHandler handler = new ApiHandler(
                endpoints(seed, metrics, materializer, uploads),
                new RequestGate(settings.limits(), System::nanoTime),
                seed.security().tokens().map(ApiServer::authenticator).orElse(Authenticator.OPEN),
                metrics,
                materializer);
        ServerBinding binding;
        try {
            ServerBuilder plain = Http.get(system)
                    .newServerAt(settings.host(), settings.port())
                    .withSettings(serverSettings(settings, system));
            binding = tls.map(
                            certificates -> plain.enableHttps(ConnectionContext.httpsServer(certificates::httpsServer)))
                    .orElse(plain)
                    .bind(handler::handle)
                    .toCompletableFuture()
                    .get(BIND_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SampoException(ErrorCode.ENGINE_CLOSED, "interrupted while the HTTP server starts", e);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    "sampo.http: cannot listen at " + settings.host() + ":" + settings.port() + ": "
                            + cause.getMessage() + "; expected an address of this machine and a free port",
                    e);
        }
        binding.addToCoordinatedShutdown(FINISH_LIMIT, system);
        ApiServer server = new ApiServer(binding, metrics, uploads);
        LOG.info("Sampo API at {}://{}:{}/", tls.isPresent() ? "https" : "http", settings.host(), server.port());
        return server;
    }

    private static ExecutorService uploads() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(UPLOADS_AT_ONCE, task -> {
            Thread thread = new Thread(task, "sampo-upload-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    private static Authenticator authenticator(ApiTokens tokens) {
        return bearer -> tokens.authenticate(bearer)
                .map(who -> new Authenticator.Client(
                        who.name(), Access.valueOf(who.role().name())));
    }

    /** The one table of what is served. */
    static List<Endpoint> endpoints(
            SeedServices seed, ClusterMetrics metrics, Materializer materializer, Executor uploads) {
        HttpSettings settings = seed.settings().http();
        return Stream.of(
                        new ServerEndpoints(seed.cluster(), metrics).endpoints(),
                        new JobEndpoints(seed.cluster(), settings.times(), materializer).endpoints(),
                        new SubmitEndpoints(seed.cluster(), seed.blobs(), settings, materializer, uploads).endpoints(),
                        new ResultEndpoints(seed.cluster(), seed.results(), blocking(seed.system())).endpoints(),
                        new EventEndpoints(seed.cluster(), settings).endpoints(),
                        new NodeEndpoints(seed.cluster()).endpoints())
                .flatMap(List::stream)
                .toList();
    }

    private static Executor blocking(ActorSystem<?> system) {
        return system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    private static ServerSettings serverSettings(HttpSettings settings, ActorSystem<?> system) {
        HttpSettings.Limits limits = settings.limits();
        HttpSettings.Times times = settings.times();
        Config own = ConfigFactory.parseMap(Map.of(
                "pekko.http.server.server-header",
                "",
                "pekko.http.server.remote-address-attribute",
                "on",
                "pekko.http.server.max-connections",
                limits.connections(),
                "pekko.http.server.idle-timeout",
                times.idle().toMillis() + "ms",
                "pekko.http.server.request-timeout",
                times.longPoll().plus(WORK_LIMIT).toMillis() + "ms",
                "pekko.http.server.parsing.max-content-length",
                limits.uploadBytes()));
        return ServerSettings.create(own.withFallback(system.settings().config()));
    }

    /** Returns the port it listens at. */
    public int port() {
        InetSocketAddress address = binding.localAddress();
        return address.getPort();
    }

    /** Lets go of what it holds outside its actor system, with which it ends. */
    @Override
    public void close() {
        uploads.shutdownNow();
        metrics.close();
    }
}
