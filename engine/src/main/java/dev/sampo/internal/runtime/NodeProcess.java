package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import dev.sampo.internal.blob.BlobLimits;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.blob.ResultStore;
import dev.sampo.internal.client.ClusterApi;
import dev.sampo.internal.client.CoordinatorAsks;
import dev.sampo.internal.cluster.MemberRoles;
import dev.sampo.internal.cluster.MembershipSetup;
import dev.sampo.internal.config.EngineConfig;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.coordinate.CoordinatorServices;
import dev.sampo.internal.coordinate.Reigns;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.observe.JobEventLog;
import dev.sampo.internal.observe.Meters;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: an actor system and what it holds outside its actors, started and stopped as one. */
public final class NodeProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration THREADS_END_LIMIT = Duration.ofSeconds(5);
    private static final int EVENTS_PER_JOB = 2_000;
    private static final int JOBS_WITH_EVENTS = 50;

    private final Actors actors;
    private final Optional<NodeSecurity> security;
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final NodeLeave leave;

    private NodeProcess(
            Actors actors, Optional<NodeSecurity> security, List<? extends AutoCloseable> resources, NodeLeave leave) {
        this.actors = actors;
        this.leave = leave;
        this.security = security;
        this.resources.addAll(resources);
    }

    /**
     * The actors of a node.
     *
     * @param system returns their system as it is now
     * @param ended completes when there will be none any more
     * @param stop asks them to end
     */
    private record Actors(
            Supplier<ActorSystem<NodeGuardian.Command>> system, CompletionStage<Done> ended, Runnable stop) {
        static Actors of(ActorSystem<NodeGuardian.Command> system) {
            return new Actors(() -> system, system.getWhenTerminated(), () -> system.tell(NodeGuardian.Stop.INSTANCE));
        }

        static Actors of(RejoiningNode lives) {
            return new Actors(lives::current, lives.ended(), lives::close);
        }
    }

    static EngineRuntime local(Config overrides) {
        EngineSettings settings = settings(overrides);
        Meters meters = new Meters(new SimpleMeterRegistry());
        NodeResources resources = new NodeResources(settings, meters, EngineVersion.current(), null);
        try {
            NodeGuardian.Worker worker = new NodeGuardian.Worker(
                    lives("local", settings, DataAddress.NONE), resources.services(), () -> {}, (facts, at) -> {});
            Started<ActorRef<ClientProtocol.Command>> client = new Started<>();
            Reigns reigns = new Reigns(() -> 1);
            ActorSystem<NodeGuardian.Command> system = start(
                    NodeGuardian.local(
                            () -> reign(
                                    settings,
                                    meters,
                                    resources.services().blobs(),
                                    nowhere(settings, resources),
                                    reigns),
                            meters,
                            worker,
                            client),
                    "sampo",
                    () -> ActorSystemSetup.create(BootstrapSetup.create(PekkoConfig.local())
                            .withClassloader(EngineThreads.newMark(FoundFinder.NONE.loader()))));
            NodeProcess node =
                    new NodeProcess(Actors.of(system), Optional.empty(), List.of(resources), new NodeLeave());
            return new EngineRuntime(settings, node, client.await(node), new EmbeddedJobs(resources));
        } catch (RuntimeException | Error e) {
            resources.close();
            throw e;
        }
    }

    static EngineRuntime member(Config overrides) {
        EngineSettings settings = settings(overrides);
        String role = settings.cluster().work() ? MemberRoles.WORKER : MemberRoles.CLIENT;
        Joining joining = Joining.of(settings.cluster());
        Config pekko = PekkoConfig.member(joining, overrides, List.of(role));
        NodeSecurity security = NodeSecurity.open(settings, pekko, InstantSource.system());
        DataPlane data = DataPlane.of(settings.cluster(), security);
        Started<ActorRef<ClientProtocol.Command>> client = new Started<>();
        SubmittedBlobs blobs = new SubmittedBlobs(data);
        NodeResources resources = settings.cluster().work()
                ? new NodeResources(settings, new Meters(new SimpleMeterRegistry()), EngineVersion.current(), data)
                : null;
        NodeLeave leave = new NodeLeave();
        Function<String, NodeGuardian.Worker> worker = resources == null
                ? null
                : address -> new NodeGuardian.Worker(
                        lives(address, settings, data.address()),
                        resources.services(),
                        leave::leave,
                        (facts, at) -> {});
        List<AutoCloseable> held = resources == null ? List.of(blobs, data) : List.of(blobs, data, resources);
        NodeProcess node = started(security, held, leave, () -> {
            data.start();
            return Actors.of(new RejoiningNode(
                    NodeGuardian.client(settings.cluster(), data.address(), client, worker),
                    setup(security, joining, role),
                    settings.cluster().rejoin(),
                    life -> begin(life, leave, joining),
                    resources == null ? () -> {} : resources.services().claims()::handBack));
        });
        EngineRuntime runtime =
                new EngineRuntime(settings, node, client.await(node), new MemberJobs(resources, blobs, data));
        client.next(runtime::useClient);
        return runtime;
    }

    /** Starts a seed node that serves nothing but the cluster. */
    public static NodeProcess seed(Config overrides) {
        return seed(overrides, new SimpleMeterRegistry(), services -> () -> {});
    }

    /**
     * Starts a seed node.
     *
     * @param overrides keys under the root {@code sampo}
     * @param registry where it counts
     * @param extra what else it serves, closed after its actors
     */
    public static NodeProcess seed(
            Config overrides, MeterRegistry registry, Function<SeedServices, AutoCloseable> extra) {
        EngineSettings settings = settings(overrides);
        Meters meters = new Meters(registry);
        Started<ActorRef<ClusterProtocol.Wire>> coordinator = new Started<>();
        InstantSource clock = InstantSource.system();
        Joining joining = Joining.of(settings.cluster());
        Config pekko = PekkoConfig.member(joining, overrides, List.of(MemberRoles.COORDINATOR));
        NodeSecurity security = NodeSecurity.open(settings, pekko, clock);
        DataPlane data = DataPlane.of(settings.cluster(), security);
        SeedBlobs blobs = new SeedBlobs(settings, data);
        NodeEndNotice notice = new NodeEndNotice();
        data.answer(NodeEndNotice.KIND, notice);
        Reigns reigns = new Reigns(clock::millis);
        Supplier<CoordinatorServices> reign = () -> reign(settings, meters, blobs.transfer(), blobs.results(), reigns);
        NodeProcess node = started(security, List.of(blobs, data), new NodeLeave(), () -> {
            data.start();
            return Actors.of(start(
                    NodeGuardian.seed(reign, meters, coordinator),
                    PekkoConfig.SYSTEM,
                    setup(security, joining, MemberRoles.COORDINATOR)));
        });
        try {
            ActorRef<ClusterProtocol.Wire> proxy = coordinator.await(node);
            ActorSystem<NodeGuardian.Command> system = node.actors.system().get();
            notice.attach(system);
            joining.asSeed(system);
            ClusterApi asks = new CoordinatorAsks(system, proxy, data.address(), ASK_LIMIT);
            node.resources.add(extra.apply(
                    new SeedServices(settings, asks, blobs.transfer().store(), blobs::openResult, security, system)));
            return node;
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    /** Starts a worker node. */
    public static NodeProcess worker(Config overrides) {
        return worker(overrides, (facts, data) -> {});
    }

    static NodeProcess worker(Config overrides, BiConsumer<NodeFacts, DataAddress> registered) {
        EngineSettings settings = settings(overrides);
        Joining joining = Joining.of(settings.cluster());
        Config pekko = NodeLeave.withTimeFor(
                settings.drainTimeout(), PekkoConfig.member(joining, overrides, List.of(MemberRoles.WORKER)));
        NodeSecurity security = NodeSecurity.open(settings, pekko, InstantSource.system());
        Meters meters = new Meters(new SimpleMeterRegistry());
        DataPlane data = DataPlane.of(settings.cluster(), security);
        NodeResources resources = new NodeResources(settings, meters, EngineVersion.current(), data);
        NodeLeave leave = new NodeLeave();
        return started(security, List.of(data, resources), leave, () -> {
            data.start();
            return Actors.of(new RejoiningNode(
                    NodeGuardian.worker(
                            settings.cluster(),
                            address -> new NodeGuardian.Worker(
                                    lives(address, settings, data.address()),
                                    resources.services(),
                                    leave::leave,
                                    registered)),
                    setup(security, joining, MemberRoles.WORKER),
                    settings.cluster().rejoin(),
                    life -> begin(life, leave, joining),
                    resources.services().claims()::handBack));
        });
    }

    /** Each life of a node drains before it leaves in order, and looks for seeds. */
    private static void begin(ActorSystem<NodeGuardian.Command> life, NodeLeave leave, Joining joining) {
        leave.install(life);
        joining.begin(life);
    }

    /** Starts the actors of a node; what they need is closed when they do not start. */
    private static NodeProcess started(
            NodeSecurity security, List<? extends AutoCloseable> resources, NodeLeave leave, Supplier<Actors> start) {
        try {
            return new NodeProcess(start.get(), Optional.of(security), resources, leave);
        } catch (RuntimeException | Error e) {
            close(resources);
            throw e;
        }
    }

    /** Returns the actor system, for programs that add their own end to its shutdown. */
    public ActorSystem<?> system() {
        return actors.system().get();
    }

    /** Returns how the node is protected; empty for an embedded engine, which nobody reaches. */
    public Optional<NodeSecurity> security() {
        return security;
    }

    /**
     * Has the node take no new attempts and hand over what it runs and holds; it stays a member. Leaving the cluster by
     * {@code CoordinatedShutdown} does this first.
     *
     * @return completes when nobody needs the node any more, or {@code sampo.drain-timeout} is over
     */
    public CompletionStage<Done> drain() {
        return leave.drain();
    }

    /** Returns whether the node ends because the cluster asked it to leave. */
    boolean wasAskedToLeave() {
        return leave.wasAsked();
    }

    /** Says in words why seeds cannot be reached; empty when they can. Blocks for seconds. */
    List<String> seedProblems() {
        List<String> seeds = system().settings().config().getStringList("pekko.cluster.seed-nodes").stream()
                .map(seed -> seed.substring(seed.lastIndexOf('@') + 1))
                .toList();
        return security.map(known -> known.problemsOf(seeds)).orElse(List.of());
    }

    /** Completes when the node has ended, whoever ended it. */
    public CompletionStage<Done> ended() {
        return actors.ended();
    }

    /** Ends the actors, then lets go of what they used. Blocks. */
    @Override
    public void close() {
        actors.stop().run();
        ActorSystem<NodeGuardian.Command> system = actors.system().get();
        try {
            actors.ended().toCompletableFuture().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
            ClassLoader mark = system.dynamicAccess().classLoader();
            if (!new EngineThreads(mark, system.name()).awaitEnd(THREADS_END_LIMIT)) {
                LOG.warn("threads of {} did not end within {}", system.name(), THREADS_END_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the actors of {} did not end within {}", system.name(), STOP_LIMIT, e);
        }
        close(resources);
    }

    private static void close(List<? extends AutoCloseable> resources) {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("{} could not be closed", resource, e);
            }
        }
    }

    static EngineSettings settings(Config overrides) {
        EngineSettings settings = EngineSettings.from(EngineConfig.load(overrides));
        settings.warnings().forEach(LOG::warn);
        return settings;
    }

    /** What the actor system of a member is made with: its configuration, its protection, its say on membership. */
    private static Supplier<ActorSystemSetup> setup(NodeSecurity security, Joining joining, String role) {
        MembershipSetup membership = PekkoConfig.membership(joining.settings(), role);
        return () ->
                security.setup(EngineThreads.newMark(joining.found().loader())).withSetup(membership);
    }

    private static ActorSystem<NodeGuardian.Command> start(
            Behavior<NodeGuardian.Command> guardian, String name, Supplier<ActorSystemSetup> setup) {
        return ActorSystem.create(guardian, name, setup.get());
    }

    /** An embedded engine hands results over in files of its own. */
    private static ResultStore nowhere(EngineSettings settings, NodeResources resources) {
        return new ResultStore(
                new BlobStore(resources.directory("held-results"), new BlobLimits(0, 0)),
                (holder, name) -> {
                    throw new IOException("this engine has no other node");
                },
                Runnable::run,
                () -> DataAddress.NONE,
                settings.result().keep(),
                InstantSource.system());
    }

    private static CoordinatorServices reign(
            EngineSettings settings, Meters meters, BlobTransfer blobs, ResultStore results, Reigns reigns) {
        InstantSource clock = InstantSource.system();
        return new CoordinatorServices(
                settings,
                reigns.next(),
                reigns,
                new JobEventLog(clock, EVENTS_PER_JOB, JOBS_WITH_EVENTS),
                meters,
                blobs,
                results,
                clock,
                System::nanoTime);
    }

    private static Supplier<NodeFacts> lives(String address, EngineSettings settings, DataAddress data) {
        return () -> new NodeFacts(
                new NodeId(address + "#" + UUID.randomUUID().toString().substring(0, 8)),
                address,
                settings.node().slots(),
                settings.node().weight(),
                settings.node().memoryBytes(),
                settings.node().labels(),
                data);
    }

    /** Waits for what an actor hands out when it starts. */
    private static final class Started<T> implements Consumer<T> {
        private final CompletableFuture<T> value = new CompletableFuture<>();
        private volatile Consumer<T> next = later -> {};

        @Override
        public void accept(T started) {
            if (!value.complete(started)) {
                next.accept(started);
            }
        }

        /** Sets who takes what is handed out after the first. */
        void next(Consumer<T> taker) {
            next = taker;
        }

        /** Waits for it; a node that does not get so far is closed. */
        T await(NodeProcess node) {
            try {
                return await();
            } catch (RuntimeException | Error e) {
                node.close();
                throw e;
            }
        }

        private T await() {
            try {
                return value.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SampoException(ErrorCode.ENGINE_CLOSED, "interrupted while the engine starts", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new SampoException(
                        ErrorCode.INTERNAL, "the engine's actors did not start within " + START_LIMIT, e);
            }
        }
    }
}
