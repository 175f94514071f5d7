package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.config.RejoinSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.Cluster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actor systems of a node that outlives the loss of its cluster: when one ends because the node was taken out, the
 * next one begins at the same address and joins, while what the node holds outside its actors stays. Safe for many threads.
 */
final class RejoiningNode {
    private static final Logger LOG = LoggerFactory.getLogger(RejoiningNode.class);
    private static final Duration THREADS_END_LIMIT = Duration.ofSeconds(5);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(200);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(10);

    private final Behavior<NodeGuardian.Command> guardian;
    private final Consumer<ActorSystem<NodeGuardian.Command>> begin;
    private final Supplier<ActorSystemSetup> setup;
    private final RejoinSettings settings;
    private final Runnable betweenLives;
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private volatile ActorSystem<NodeGuardian.Command> current;
    private volatile boolean closing;

    /**
     * Starts the first life.
     *
     * @param guardian the top actor of each life
     * @param setup what an actor system is made with, its class loader included, for each life anew
     * @param begin has each life look for its cluster
     * @param betweenLives done after each life but the last
     */
    RejoiningNode(
            Behavior<NodeGuardian.Command> guardian,
            Supplier<ActorSystemSetup> setup,
            RejoinSettings settings,
            Consumer<ActorSystem<NodeGuardian.Command>> begin,
            Runnable betweenLives) {
        this.guardian = guardian;
        this.begin = begin;
        this.setup = setup;
        this.settings = settings;
        this.betweenLives = betweenLives;
        this.current = ActorSystem.create(guardian, PekkoConfig.SYSTEM, setup.get());
        begin.accept(current);
        follow(current);
    }

    /** Returns the actor system of this life, or of the last. */
    ActorSystem<NodeGuardian.Command> current() {
        return current;
    }

    /** Completes when no further life begins. */
    CompletionStage<Done> ended() {
        return ended;
    }

    /** Lets no further life begin. */
    void close() {
        closing = true;
        current.tell(NodeGuardian.Stop.INSTANCE);
    }

    private void follow(ActorSystem<NodeGuardian.Command> life) {
        Cluster cluster = Cluster.get(life.classicSystem());
        int port = cluster.selfAddress().getPort().orElse(0);
        life.getWhenTerminated().whenComplete((done, failure) -> {
            boolean takenOut = CoordinatedShutdown.get(life.classicSystem())
                    .getShutdownReason()
                    .filter(CoordinatedShutdown.clusterDowningReason()::equals)
                    .isPresent();
            if (closing || !takenOut) {
                ended.complete(Done.getInstance());
                return;
            }
            Thread next = new Thread(() -> nextLife(life, port), "sampo-rejoin");
            next.setDaemon(true);
            next.start();
        });
    }

    private void nextLife(ActorSystem<NodeGuardian.Command> last, int port) {
        long deadline = System.nanoTime() + settings.limit().toNanos();
        try {
            if (!new EngineThreads(last.dynamicAccess().classLoader(), PekkoConfig.SYSTEM)
                    .awaitEnd(THREADS_END_LIMIT)) {
                LOG.warn("threads of {} did not end within {}", PekkoConfig.SYSTEM, THREADS_END_LIMIT);
            }
            betweenLives.run();
            ActorSystem<NodeGuardian.Command> life = create(port, deadline);
            if (life == null) {
                ended.complete(Done.getInstance());
                return;
            }
            current = life;
            follow(life);
            begin.accept(life);
            if (closing) {
                life.tell(NodeGuardian.Stop.INSTANCE);
            }
            giveUpUnlessJoined(life, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended.complete(Done.getInstance());
        } catch (RuntimeException | Error e) {
            LOG.error("{} cannot join again", PekkoConfig.SYSTEM, e);
            ended.completeExceptionally(e);
        }
    }

    /** The port may be taken for a moment longer, by what is left of the connections of the last life. */
    private @Nullable ActorSystem<NodeGuardian.Command> create(int port, long deadline) throws InterruptedException {
        for (Duration pause = LEAST_PAUSE; !closing; pause = twice(pause)) {
            try {
                LOG.info("{} looks for its cluster again, at port {}", PekkoConfig.SYSTEM, port);
                return ActorSystem.create(guardian, PekkoConfig.SYSTEM, at(port));
            } catch (RuntimeException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                LOG.warn("{} cannot begin again yet: {}", PekkoConfig.SYSTEM, e.toString());
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            }
        }
        return null;
    }

    private void giveUpUnlessJoined(ActorSystem<NodeGuardian.Command> life, long deadline) throws InterruptedException {
        CompletableFuture<Void> over =
                life.getWhenTerminated().<Void>thenApply(done -> null).toCompletableFuture();
        CompletableFuture<Void> up = new CompletableFuture<>();
        Cluster.get(life.classicSystem()).registerOnMemberUp(() -> up.complete(null));
        try {
            CompletableFuture.anyOf(over, up).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.error(
                    "{} could not join again within {}; expected a living seed", PekkoConfig.SYSTEM, settings.limit());
            close();
        } catch (ExecutionException e) {
            LOG.debug("{} ended while it joined again", PekkoConfig.SYSTEM, e);
        }
    }

    private static Duration twice(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(MOST_PAUSE) < 0 ? twice : MOST_PAUSE;
    }

    /** The same address as before: others know the node, and its data, by it. */
    private ActorSystemSetup at(int port) {
        ActorSystemSetup base = setup.get();
        BootstrapSetup bootstrap = base.get(BootstrapSetup.class).orElseThrow();
        Config config = ConfigFactory.parseMap(Map.of("pekko.remote.artery.canonical.port", port))
                .withFallback(bootstrap.config().get());
        return base.withSetup(bootstrap.withConfig(config));
    }
}
