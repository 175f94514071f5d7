package dev.sampo.testkit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Address;
import org.apache.pekko.remote.testconductor.RoleName;
import org.apache.pekko.remote.testkit.MultiNodeConfig;
import org.apache.pekko.remote.testkit.MultiNodeSpec;
import org.apache.pekko.util.Timeout;
import scala.concurrent.Future;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * The bridge to Pekko's multi-node testkit, which is written for Scala: one node's actor system and its client of the
 * conductor. Never touch it in the parent's JVM: the class does not load without the {@code multinode.*} properties.
 */
final class ConductedSpec extends MultiNodeSpec {
    private static final Duration QUERY_LIMIT = Duration.ofSeconds(20);

    /*
     * fail-mixed-versions: the newest multi-node testkit is older than the core it runs with.
     * The client of the conductor lives in this actor system, so a node that is downed must not end the system.
     */
    private static final String BASE = """
            pekko {
              fail-mixed-versions = off
              loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
              logger-startup-timeout = 60s
              logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
              loglevel = INFO
              actor.provider = cluster
              actor.allow-java-serialization = off
              remote.artery.transport = tcp
              jvm-exit-on-fatal-error = on
              cluster {
                run-coordinated-shutdown-when-down = off
                downing-provider-class = "org.apache.pekko.cluster.sbr.SplitBrainResolverProvider"
                jmx.enabled = off
              }
              coordinated-shutdown {
                terminate-actor-system = off
                run-by-actor-system-terminate = off
                run-by-jvm-shutdown-hook = off
                exit-jvm = off
              }
              testconductor {
                barrier-timeout = 60s
                query-timeout = 15s
                connect-timeout = 60s
                client-reconnects = 120
                reconnect-backoff = 250ms
              }
            }
            """;

    ConductedSpec(NodeOptions options) {
        super(new Roles(options), config -> ActorSystem.create("multi-node", config));
    }

    /** Called by the constructor above ours: no field of ours is set yet. */
    @Override
    public int initialParticipants() {
        return MultiNodeSpec.maxNodes();
    }

    void enter(String barrier, Duration limit) {
        testConductor()
                .enter(
                        new Timeout(FiniteDuration.create(limit.toMillis(), TimeUnit.MILLISECONDS)),
                        CollectionConverters.asScala(List.of(barrier)).toSeq());
    }

    Address addressOf(String role) throws InterruptedException {
        return await(testConductor().getAddressFor(new RoleName(role)), "the address of " + role);
    }

    /** Tells the conductor, which is this node, to wait for a role no more. The conductor does not answer this. */
    void removeFromBarriers(String role) {
        var unused = testConductor().removeNode(new RoleName(role));
    }

    private static <T> T await(Future<T> future, String what) throws InterruptedException {
        try {
            return FutureConverters.asJava(future)
                    .toCompletableFuture()
                    .get(QUERY_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(what + " is not to be had: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(what + " did not come within " + QUERY_LIMIT, e);
        }
    }

    private static final class Roles extends MultiNodeConfig {
        Roles(NodeOptions options) {
            Config base = ConfigFactory.parseString(BASE);
            commonConfig(ConfigFactory.parseString(options.config()).withFallback(base));
            var unused = role(RunPlan.CONDUCTOR);
            for (String name : options.roles()) {
                unused = role(name);
            }
        }
    }
}
