package dev.sampo.internal.runtime;

import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.config.ClusterSettings.Discovery;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** How a node becomes a member. Seeds in a list are asked by Pekko itself, see {@link PekkoConfig#member}. */
final class Joining {
    private Joining() {}

    /** Begins to join the seeds, where Pekko does not already. */
    static void begin(ActorSystem<?> system, ClusterSettings settings) {
        if (settings.discovery() == Discovery.DNS) {
            new DnsJoin(system, settings).start();
        }
    }

    /** Begins to join the other seeds; a seed that knows of no other forms a cluster. */
    static void asSeed(ActorSystem<?> system, ClusterSettings settings) {
        if (settings.discovery() == Discovery.LIST && settings.seeds().isEmpty()) {
            Cluster cluster = Cluster.get(system);
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            begin(system, settings);
        }
    }
}
