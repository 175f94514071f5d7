package dev.sampo.internal.client;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.NodeFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cluster, of any role.
 *
 * @param id this life of the node
 * @param address where it is, as {@code host:port}
 * @param roles its roles
 * @param state where it is on its way into or out of the cluster
 * @param facts what a worker says of itself; null for others, and for a worker that has not offered its slots
 * @param running the attempts that run there
 */
public record ClusterNode(
        String id,
        String address,
        List<String> roles,
        State state,
        @Nullable NodeFacts facts,
        List<AttemptId> running) {
    /** Copies the lists. */
    public ClusterNode {
        roles = List.copyOf(roles);
        running = List.copyOf(running);
    }

    /** Where a node is on its way into or out of the cluster. */
    public enum State {
        /** It has asked to join. */
        JOINING,
        /** It takes part although another node is unreachable. */
        WEAKLY_UP,
        /** It takes part. */
        UP,
        /** It takes part and gets no more attempts. */
        DRAINING,
        /** It is about to leave. */
        LEAVING,
        /** Others do not hear from it. */
        UNREACHABLE,
        /** The others go on without it. */
        DOWN
    }
}
