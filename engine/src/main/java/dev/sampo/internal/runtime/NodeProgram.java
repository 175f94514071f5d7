package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import dev.sampo.internal.execute.NodeRefusal;
import dev.sampo.internal.observe.LogKeys;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.remote.RemoteTransportException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a program that is one node of a cluster, from its settings to its exit code. SIGTERM makes the node leave
 * the cluster in order; the JVM then ends with 143, as it always does after that signal.
 */
public final class NodeProgram {
    /** The node ended because it was asked to. */
    public static final int OK = 0;
    /** A setting or an option is wrong; nothing was started. */
    public static final int BAD_CONFIGURATION = 2;
    /** No seed took the node in within the limit. */
    public static final int COULD_NOT_JOIN = 3;
    /** Something unforeseen. */
    public static final int INTERNAL = 4;
    /** The others went on without this node: it was cut off, or too slow. Starting it again helps. */
    public static final int DOWNED = 5;

    private static final Logger LOG = LoggerFactory.getLogger(NodeProgram.class);

    /** How long leaving may take: the drain, see sampo.drain-timeout, and a few rounds of gossip. */
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(40);

    private static final String SEEDS = "sampo.cluster.seeds";
    private static final String DISCOVERY = "sampo.cluster.discovery";

    private final String kind;
    private final Function<Config, NodeProcess> start;
    private final Duration joinLimit;
    private final @Nullable ParentLink parent;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /**
     * Creates a program.
     *
     * @param kind what people call the node, such as {@code worker}
     * @param start starts the node
     * @param joinLimit how long joining may take
     */
    public NodeProgram(String kind, Function<Config, NodeProcess> start, Duration joinLimit) {
        this(kind, start, joinLimit, null);
    }

    private NodeProgram(
            String kind, Function<Config, NodeProcess> start, Duration joinLimit, @Nullable ParentLink parent) {
        this.kind = kind;
        this.start = start;
        this.joinLimit = joinLimit;
        this.parent = parent;
    }

    /** Returns the same program as the child of a process that starts it again when it dies. */
    public NodeProgram under(ParentLink process) {
        return new NodeProgram(kind, start, joinLimit, process);
    }

    /**
     * Runs the node with the settings of its command line, a file, and its overlay until it ends, and returns the exit
     * code for the JVM. Blocks.
     *
     * @param options what the command line says, by path
     * @param file what the user wrote, or null
     */
    public int run(Map<String, ?> options, @Nullable Path file) {
        Config settings;
        try {
            settings = settings(options, file, kind + ".conf");
        } catch (SampoException e) {
            LOG.error("The {} does not start: {}", kind, e.getMessage());
            return BAD_CONFIGURATION;
        }
        if (kind.equals("worker") && !settings.hasPath(SEEDS) && !settings.hasPath(DISCOVERY)) {
            LOG.error("The worker does not start: no seed to join; expected --seed HOST:PORT or {}", SEEDS);
            return BAD_CONFIGURATION;
        }
        return run(settings);
    }

    /**
     * Returns the settings of a node: options go over the file, the file over the overlay of the program.
     *
     * @param options what the command line says, by path
     * @param file what the user wrote, or null
     * @param overlay the resource with the program's own defaults
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when the file cannot be read
     */
    public static Config settings(Map<String, ?> options, @Nullable Path file, String overlay) {
        ConfigParseOptions mustExist = ConfigParseOptions.defaults().setAllowMissing(false);
        try {
            Config config = ConfigFactory.parseMap(options, "command line");
            if (file != null) {
                config = config.withFallback(ConfigFactory.parseFile(file.toFile(), mustExist));
            }
            return config.withFallback(
                            ConfigFactory.parseResources(NodeProgram.class.getClassLoader(), overlay, mustExist))
                    .resolve(ConfigResolveOptions.noSystem());
        } catch (ConfigException e) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID, "settings cannot be read: " + e.getMessage() + "; expected HOCON", e);
        }
    }

    /** Runs the node until it ends, and returns the exit code for the JVM. Blocks. */
    public int run(Config config) {
        if (parent != null) {
            parent.watch();
        }
        NodeProcess node;
        try {
            node = start.apply(config);
        } catch (SampoException e) {
            LOG.error("The {} does not start: {}", kind, e.getMessage(), e.getCause());
            return e.code() == ErrorCode.CONFIG_INVALID ? BAD_CONFIGURATION : INTERNAL;
        } catch (RemoteTransportException e) {
            LOG.error("The {} cannot listen: {}; expected an address of this machine and a free port", kind, text(e));
            // the port was this node's own before, and will be free again
            return parent != null && parent.again() ? COULD_NOT_JOIN : BAD_CONFIGURATION;
        }
        Thread leave = new Thread(() -> leave(node), "sampo-leave");
        Runtime.getRuntime().addShutdownHook(leave);
        return awaitEnd(node);
    }

    private int awaitEnd(NodeProcess node) {
        Cluster cluster = Cluster.get(node.system());
        System.setProperty(LogKeys.NODE_PROPERTY, hostAndPort(cluster.selfAddress()));
        CompletableFuture<Void> ended =
                node.ended().<Void>thenApply(done -> null).toCompletableFuture();
        CompletableFuture<Void> up = new CompletableFuture<>();
        cluster.registerOnMemberUp(() -> up.complete(null));
        try {
            CompletableFuture.anyOf(up, ended).get(joinLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (!cluster.selfMember().status().equals(MemberStatus.weaklyUp())) {
                LOG.error(
                        "The {} at {} could not join within {}; expected a living seed among {}",
                        kind,
                        cluster.selfAddress(),
                        joinLimit,
                        cluster.settings().SeedNodes());
                node.seedProblems().forEach(LOG::error);
                node.close();
                return COULD_NOT_JOIN;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERNAL;
        } catch (ExecutionException e) {
            LOG.error("The {} failed while it joined", kind, e);
            return INTERNAL;
        }
        if (!ended.isDone()) {
            if (parent != null) {
                parent.joined(
                        hostAndPort(cluster.selfAddress()),
                        cluster.selfUniqueAddress().longUid());
            }
            LOG.info(
                    "Sampo {} {} is ready at {}, cluster {}",
                    kind,
                    EngineVersion.current(),
                    hostAndPort(cluster.selfAddress()),
                    cluster.settings().config().getString(JoinCheck.CLUSTER));
        }
        ended.join();
        if (stopping.get()) {
            return OK;
        }
        if (node.wasAskedToLeave()) {
            node.close();
            return OK;
        }
        return whyEnded(node, CoordinatedShutdown.get(node.system()).getShutdownReason());
    }

    private int whyEnded(NodeProcess node, Optional<CoordinatedShutdown.Reason> reason) {
        if (reason.equals(Optional.of(CoordinatedShutdown.incompatibleConfigurationDetectedReason()))) {
            LOG.error("The {} was refused by the seeds: {}", kind, joinedWith(node));
            node.close();
            return BAD_CONFIGURATION;
        }
        if (reason.isPresent() && reason.get() instanceof NodeRefusal refusal) {
            LOG.error("The {} was refused: {}", kind, refusal.reason());
            node.close();
            return BAD_CONFIGURATION;
        }
        LOG.error("The {} was removed from the cluster: it was unreachable, or cut off from the seeds", kind);
        node.close();
        return DOWNED;
    }

    private static String joinedWith(NodeProcess node) {
        Config own = node.system().settings().config();
        return "it has cluster name " + own.getString(JoinCheck.CLUSTER) + " and protocol version "
                + own.getString(JoinCheck.PROTOCOL) + "; expected those of the seeds, see the message before";
    }

    /** The shutdown hook: leaves the cluster in order, then lets go of what the node used. */
    private void leave(NodeProcess node) {
        if (node.ended().toCompletableFuture().isDone()) {
            return;
        }
        stopping.set(true);
        LOG.info("The {} leaves the cluster", kind);
        try {
            Done left = CoordinatedShutdown.get(node.system())
                    .runAll(CoordinatedShutdown.jvmExitReason())
                    .toCompletableFuture()
                    .get(LEAVE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("Left the cluster: {}", left);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("The {} did not leave in order within {}", kind, LEAVE_LIMIT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        node.close();
    }

    private static String hostAndPort(Address address) {
        return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
    }

    private static String text(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : e.getMessage() + " (" + cause.getMessage() + ")";
    }
}
