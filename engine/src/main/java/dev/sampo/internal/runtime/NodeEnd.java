package dev.sampo.internal.runtime;

import dev.sampo.internal.execute.NodeRefusal;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a node that must not become a member; its program tells the reason and ends as it does for a wrong setting. */
public final class NodeEnd {
    private static final Logger LOG = LoggerFactory.getLogger(NodeEnd.class);

    private NodeEnd() {}

    /** Begins to end the node; returns at once, and does nothing when it ends already. */
    public static void refuse(ClassicActorSystemProvider system, String reason) {
        CoordinatedShutdown.get(system).runAll(new NodeRefusal(reason)).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("The node did not end in order", failure);
            }
        });
    }
}
