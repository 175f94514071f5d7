package dev.sampo.internal.cluster;

import dev.sampo.internal.model.HashRing;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.observe.Meters;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.NodeProtocol.Launch;
import dev.sampo.internal.protocol.NodeProtocol.LaunchMapAttempt;
import dev.sampo.internal.protocol.NodeProtocol.LaunchMapAttempts;
import dev.sampo.internal.protocol.NodeProtocol.Order;
import dev.sampo.internal.protocol.TaskProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Routes attempts to node agents. Every launch is a message with a routing key; the node it hashes to on the placement
 * ring is its home. The scheduler of the job may have chosen another node, because home was busy and the other idle; the
 * router counts how often. It keeps no other state: that an attempt runs at most once is not its business but that of
 * attempt numbers and the commit arbiter.
 *
 * <p>Not Pekko's own consistent-hashing router: see {@code docs/design/001-placement-ring.md}.
 */
public final class ConsistentHashRouter extends AbstractBehavior<ConsistentHashRouter.Command> {
    private final Meters meters;
    private PlacementTable table = PlacementTable.EMPTY;
    private HashRing ring = PlacementTable.EMPTY.ring();
    private Map<NodeId, ActorRef<NodeProtocol.Wire>> agents = Map.of();

    private ConsistentHashRouter(ActorContext<Command> context, Meters meters) {
        super(context);
        this.meters = meters;
    }

    /** What the router accepts; all of it local, for launches start where the coordinator is. */
    public sealed interface Command {}

    /** The placement of this epoch holds from now on, unless a newer one is known. */
    public record UsePlacement(PlacementTable table, Map<NodeId, ActorRef<NodeProtocol.Wire>> agents)
            implements Command {
        /** Copies the agents. */
        public UsePlacement {
            agents = Map.copyOf(agents);
        }
    }

    /**
     * Sends a launch on its way.
     *
     * @param key the routing key
     * @param chosen the node the scheduler chose, or empty for the key's home
     * @param launch the order
     */
    public record Route(String key, Optional<NodeId> chosen, Launch launch) implements Command {}

    /**
     * Sends launches on their way that were chosen for one slot, in one message.
     *
     * @param routes at least one; all of maps of one slot when there are several
     */
    public record RouteAll(List<Route> routes) implements Command {
        /** Copies the list. */
        public RouteAll {
            routes = List.copyOf(routes);
        }
    }

    /** Creates a router that knows no node yet. */
    public static Behavior<Command> create(Meters meters) {
        return Behaviors.setup(context -> new ConsistentHashRouter(context, meters));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(UsePlacement.class, this::onUsePlacement)
                .onMessage(Route.class, route -> onRouteAll(new RouteAll(List.of(route))))
                .onMessage(RouteAll.class, this::onRouteAll)
                .build();
    }

    private Behavior<Command> onUsePlacement(UsePlacement use) {
        if (use.table.epoch() >= table.epoch()) {
            table = use.table;
            ring = use.table.ring();
            agents = use.agents;
        }
        return this;
    }

    private Behavior<Command> onRouteAll(RouteAll all) {
        List<LaunchMapAttempt> maps = new ArrayList<>();
        for (Route route : all.routes) {
            Optional<NodeId> home = ring.home(route.key);
            Optional<NodeId> target = route.chosen.isPresent() ? route.chosen : home;
            ActorRef<NodeProtocol.Wire> agent = target.map(agents::get).orElse(null);
            if (agent == null) {
                refuse(route.launch, target.orElse(new NodeId("none")));
                continue;
            }
            meters.attemptLaunched(target.equals(home));
            if (all.routes.size() > 1 && route.launch instanceof LaunchMapAttempt map) {
                maps.add(map);
            } else {
                agent.tell(route.launch);
            }
        }
        if (!maps.isEmpty()) {
            all.routes.get(0).chosen.map(agents::get).ifPresent(agent -> agent.tell(LaunchMapAttempts.of(maps)));
        }
        return this;
    }

    private void refuse(Launch launch, NodeId unknown) {
        Order order = launch.order();
        order.replyTo()
                .tell(new TaskProtocol.AttemptRefused(
                        order.epoch(),
                        order.attempt(),
                        unknown,
                        "node " + unknown + " is not in placement " + table.epoch()));
    }
}
