package dev.sampo.internal.runtime;

import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.internal.cluster.MemberRoles;
import dev.sampo.internal.protocol.ApiProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;

/** A seed, workers and a submitter, each an actor system of its own with its own port, in the JVM of the test. */
final class ClusterInOneJvm implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path directory;
    private final NodeProcess seed;
    private final List<NodeProcess> workers = new ArrayList<>();
    private final AtomicInteger registrations = new AtomicInteger();
    private final Sampo client;

    ClusterInOneJvm(Path directory, int workers, int slots) {
        this.directory = directory;
        this.seed = NodeProcess.seed(settings("seeds = none", slots));
        awaitUp(seed);
        for (int i = 0; i < workers; i++) {
            join(slots);
        }
        this.client = Sampo.join(settings("seeds = \"" + address(seed) + "\"", slots));
    }

    private Config settings(String cluster, int slots) {
        return ConfigFactory.parseString("sampo { cluster { host = 127.0.0.1, port = 0, " + cluster + " }, slots = "
                + slots
                + ", memory = 32m, temp-dir = \"" + directory.resolve("temp") + "\", progress-interval = 50ms }\n"
                + "pekko.cluster { gossip-interval = 100ms, leader-actions-interval = 100ms }\n");
    }

    /** Starts one more worker; returns when it is a member. */
    NodeProcess join(int slots) {
        return join(slots, "none");
    }

    /** Starts one more worker that its operator calls so, such as {@code {zone = a}}; returns when it is a member. */
    NodeProcess join(int slots, String labels) {
        Config settings = ConfigFactory.parseString("sampo.labels = " + labels)
                .withFallback(settings("seeds = \"" + address(seed) + "\"", slots));
        NodeProcess worker = NodeProcess.worker(settings, (facts, data) -> registrations.incrementAndGet());
        workers.add(worker);
        awaitUp(worker);
        return worker;
    }

    /** Returns how often a worker was registered by a reign that it did not know. */
    int registrations() {
        return registrations.get();
    }

    /** Returns the way to the coordinator from one of the nodes. */
    static ActorRef<ClusterProtocol.Command> coordinator(NodeProcess from) {
        ActorSystem<?> system = from.system();
        return ClusterSingleton.get(system)
                .init(SingletonActor.of(Behaviors.<ClusterProtocol.Command>empty(), "cluster-coordinator")
                        .withSettings(ClusterSingletonSettings.create(system).withRole(MemberRoles.COORDINATOR)));
    }

    NodeProcess seed() {
        return seed;
    }

    NodeProcess worker(int number) {
        return workers.get(number);
    }

    Sampo client() {
        return client;
    }

    /** Makes a worker leave as SIGTERM does; returns when it gets no more attempts. */
    void leave(NodeProcess worker) {
        String address = address(worker);
        CoordinatedShutdown.get(worker.system()).runAll(CoordinatedShutdown.jvmExitReason());
        await().atMost(LIMIT).until(() -> !takesAttempts(address));
    }

    private boolean takesAttempts(String address) throws InterruptedException, ExecutionException {
        return AskPattern.<ClusterProtocol.Command, ApiProtocol.NodesListed>ask(
                        coordinator(seed),
                        ClusterProtocol.ListNodes::new,
                        LIMIT,
                        seed.system().scheduler())
                .toCompletableFuture()
                .get()
                .nodes()
                .stream()
                .anyMatch(node -> node.facts().address().equals(address) && !node.draining());
    }

    static String address(NodeProcess node) {
        return Cluster.get(node.system()).selfMember().address().hostPort().replaceFirst("^.*@", "");
    }

    private static void awaitUp(NodeProcess node) {
        await().atMost(LIMIT)
                .until(() -> Cluster.get(node.system()).selfMember().status().equals(MemberStatus.up()));
    }

    @Override
    public void close() {
        client.close();
        workers.forEach(NodeProcess::close);
        seed.close();
    }
}
