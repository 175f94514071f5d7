package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * The leaving of a worker in order, as a part of its coordinated shutdown: it drains before it leaves the cluster. A node
 * that the others have given up, or whose actors have ended, has nothing to hand over. Safe for many threads.
 */
final class NodeLeave {
    /** What answering and the last messages take beyond the drain itself. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private final AtomicReference<@Nullable ActorSystem<NodeGuardian.Command>> system = new AtomicReference<>();

    /** The cluster asked the node to leave. */
    private static final class Asked implements CoordinatedShutdown.Reason {
        @Override
        public String toString() {
            return "asked to leave";
        }
    }

    /** Returns the settings of a node whose shutdown leaves a drain its time. */
    static Config withTimeFor(Duration drain, Config pekko) {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.coordinated-shutdown.phases.before-service-unbind.timeout",
                        drain.plus(MARGIN).toMillis() + "ms"))
                .withFallback(pekko);
    }

    /** Has the shutdown of a system drain its node. */
    void install(ActorSystem<NodeGuardian.Command> of) {
        system.set(of);
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(of);
        shutdown.addTask(
                CoordinatedShutdown.PhaseBeforeServiceUnbind(),
                "sampo-drain",
                () -> shutdown.getShutdownReason().filter(NodeLeave::isOrderly).isPresent()
                        ? drain()
                        : CompletableFuture.completedFuture(Done.getInstance()));
    }

    private static boolean isOrderly(CoordinatedShutdown.Reason reason) {
        return reason instanceof Asked || reason.equals(CoordinatedShutdown.jvmExitReason());
    }

    /** Drains the node; it stays a member. */
    CompletionStage<Done> drain() {
        CompletableFuture<Done> done = new CompletableFuture<>();
        ActorSystem<NodeGuardian.Command> of = system.get();
        if (of == null || of.getWhenTerminated().toCompletableFuture().isDone()) {
            done.complete(Done.getInstance());
        } else {
            of.tell(new NodeGuardian.Drain(() -> done.complete(Done.getInstance())));
        }
        return done;
    }

    /** Makes the node drain, leave the cluster and end. */
    void leave() {
        ActorSystem<NodeGuardian.Command> of = system.get();
        if (of != null) {
            CoordinatedShutdown.get(of).runAll(new Asked());
        }
    }

    /** Returns whether the node has left, or leaves, because the cluster asked it to. */
    boolean wasAsked() {
        ActorSystem<NodeGuardian.Command> of = system.get();
        return of != null
                && CoordinatedShutdown.get(of)
                        .getShutdownReason()
                        .filter(Asked.class::isInstance)
                        .isPresent();
    }
}
