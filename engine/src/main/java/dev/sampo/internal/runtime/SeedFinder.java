package dev.sampo.internal.runtime;

import com.typesafe.config.Config;
import dev.sampo.internal.config.ClusterSettings;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Finds the seeds of a cluster in a way that needs libraries which the engine does not have. A node program brings one, as
 * a service; an application that embeds the engine has none. Called by the threads that start nodes.
 */
public interface SeedFinder {
    /** Returns the way that this one knows. */
    ClusterSettings.Discovery discovery();

    /** Returns what the actor system must be configured with: the defaults of the libraries; the node's own keys win. */
    Config defaults(ClusterSettings settings);

    /**
     * Returns what no setting of the node may change.
     *
     * @param seed whether the node is a seed, which forms a cluster with the other seeds where there is none
     */
    Config required(boolean seed);

    /**
     * Looks whether seeds can be found so here, before anything of the node starts.
     *
     * @param complete what the actor system will be configured with
     * @throws dev.sampo.spi.SampoException {@code CONFIG_INVALID} when they cannot
     */
    void check(Config complete);

    /**
     * Begins to join; returns at once. A node that cannot go on is ended by {@link NodeEnd}.
     *
     * @param seed as above
     */
    void begin(ActorSystem<?> system, ClusterSettings settings, boolean seed);
}
