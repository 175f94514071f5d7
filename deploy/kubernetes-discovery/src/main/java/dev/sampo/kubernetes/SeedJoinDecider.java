package dev.sampo.kubernetes;

import dev.sampo.internal.runtime.NodeEnd;
import dev.sampo.internal.runtime.SecondSeed;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.discovery.ServiceDiscovery.ResolvedTarget;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrapSettings;
import org.apache.pekko.management.cluster.bootstrap.JoinDecision;
import org.apache.pekko.management.cluster.bootstrap.KeepProbing$;
import org.apache.pekko.management.cluster.bootstrap.LowestAddressJoinDecider;
import org.apache.pekko.management.cluster.bootstrap.SeedNodesInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The decision of Pekko Management, but that a seed never becomes the second of two. Made by Pekko Management, from its
 * class name; asked by one actor, one question at a time.
 */
public final class SeedJoinDecider extends LowestAddressJoinDecider {
    private static final Logger LOG = LoggerFactory.getLogger(SeedJoinDecider.class);

    private final ActorSystem system;
    private final boolean seed;
    private final SecondSeed second;
    private boolean said;

    /** Called by Pekko Management. */
    public SeedJoinDecider(ActorSystem system, ClusterBootstrapSettings settings) {
        super(system, settings);
        this.system = system;
        this.seed = settings.newClusterEnabled();
        this.second = new SecondSeed(settings.getContactPointDiscoveryRequiredContactPointsNr());
    }

    @Override
    public Future<JoinDecision> decide(SeedNodesInformation info) {
        if (!seed) {
            return super.decide(info);
        }
        List<String> found = CollectionConverters.asJava(info.contactPoints()).stream()
                .map(ResolvedTarget::host)
                .toList();
        String self = Cluster.get(system).selfAddress().getHost().orElse("");
        return switch (second.on(found, self, System.nanoTime())) {
            case JOIN -> super.decide(info);
            case WAIT -> {
                if (!said) {
                    LOG.warn("{}; waits for another", reason(found));
                    said = true;
                }
                yield keepProbing();
            }
            case REFUSE -> {
                NodeEnd.refuse(system, reason(found));
                yield keepProbing();
            }
        };
    }

    private static String reason(List<String> found) {
        return SecondSeed.reason("the API of Kubernetes", found);
    }

    private static Future<JoinDecision> keepProbing() {
        return Objects.requireNonNull(KeepProbing$.MODULE$.asCompletedFuture());
    }
}
