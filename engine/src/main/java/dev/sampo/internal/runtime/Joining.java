package dev.sampo.internal.runtime;

import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.config.ClusterSettings.Discovery;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/**
 * How a node becomes a member. Seeds in a list are asked by Pekko itself, see {@link PekkoConfig#member}.
 *
 * @param settings where the node is
 * @param found what finds seeds in a way that the engine does not know
 */
record Joining(ClusterSettings settings, FoundFinder found) {
    static Joining of(ClusterSettings settings) {
        return new Joining(settings, FoundFinder.of(settings));
    }

    /** Begins to join the seeds, where Pekko does not already. */
    void begin(ActorSystem<?> system) {
        begin(system, false);
    }

    /** Begins to join the other seeds; a seed that knows of no other forms a cluster. */
    void asSeed(ActorSystem<?> system) {
        if (settings.discovery() == Discovery.LIST && settings.seeds().isEmpty()) {
            Cluster cluster = Cluster.get(system);
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            begin(system, true);
        }
    }

    private void begin(ActorSystem<?> system, boolean seed) {
        if (settings.discovery() == Discovery.DNS) {
            new DnsJoin(system, settings, seed).start();
        }
        found.finder().ifPresent(finder -> finder.begin(system, settings, seed));
    }
}
