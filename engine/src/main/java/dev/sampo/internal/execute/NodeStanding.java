package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * How a node stands with the coordinator: its offer of slots, repeated so that a new coordinator finds it, the reign it
 * serves, and the lease of what it runs. Owned by the agent.
 */
final class NodeStanding {
    private static final Duration REGISTER_RETRY = Duration.ofSeconds(1);

    /** How soon a node notices that it has become a member. */
    private static final Duration MEMBER_CHECK = Duration.ofMillis(100);

    /** A registered node says again at every fifth tick that it is there; at every tick while nobody answers. */
    private static final int TICKS_ANSWERED = 5;

    /** How often in the time of a lease the node says what it runs: several may get lost. */
    private static final int BEATS_PER_LEASE = 6;

    private final NodeFacts facts;
    private final NodeServices services;
    private final ActorRef<ClusterProtocol.Wire> coordinator;
    private final BooleanSupplier member;
    private final TimerScheduler<NodeProtocol.Command> timers;
    private final ActorRef<NodeProtocol.Wire> self;
    private CoordinatorEpoch epoch = new CoordinatorEpoch(0);
    private boolean answered;
    private int ticks;

    /** What the agent is reminded of. */
    enum Reminder implements NodeProtocol.Command {
        /** To offer its slots, again. */
        REGISTER,
        /** To say what it runs. */
        BEAT,
        /** Nobody has renewed the lease in its time. */
        LEASE_OVER
    }

    NodeStanding(
            NodeFacts facts,
            NodeServices services,
            ActorRef<ClusterProtocol.Wire> coordinator,
            BooleanSupplier member,
            TimerScheduler<NodeProtocol.Command> timers,
            ActorRef<NodeProtocol.Wire> self) {
        this.facts = facts;
        this.services = services;
        this.coordinator = coordinator;
        this.member = member;
        this.timers = timers;
        this.self = self;
    }

    /** Begins to offer the node's slots. */
    void begin() {
        register();
    }

    /** Offers the slots again where it is time for that. */
    void remind() {
        ticks++;
        if (!answered || ticks % TICKS_ANSWERED == 0) {
            register();
        } else {
            timers.startSingleTimer(Reminder.REGISTER, REGISTER_RETRY);
        }
    }

    private void register() {
        boolean isMember = member.getAsBoolean();
        timers.startSingleTimer(Reminder.REGISTER, isMember ? REGISTER_RETRY : MEMBER_CHECK);
        if (isMember) {
            answered = false;
            coordinator.tell(new ClusterProtocol.RegisterNode(
                    facts,
                    self,
                    services.reigns().highest(),
                    List.copyOf(services.segments().jobs())));
        }
    }

    CoordinatorEpoch epoch() {
        return epoch;
    }

    boolean isStale(CoordinatorEpoch other) {
        return other.isOlderThan(epoch);
    }

    /** Takes the answer of a coordinator that is not of an older reign. Returns whether its reign is a new one. */
    boolean answered(CoordinatorEpoch by) {
        answered = true;
        if (epoch.equals(by)) {
            return false;
        }
        epoch = by;
        services.reigns().serve(by);
        timers.startTimerWithFixedDelay(Reminder.BEAT, lease().dividedBy(BEATS_PER_LEASE));
        renewed();
        return true;
    }

    /** Says what the node runs. */
    void beat(List<AttemptId> alive, List<ClusterProtocol.AttemptProgress> progress, int lostSlots) {
        coordinator.tell(new ClusterProtocol.RenewLeases(epoch, facts.id(), alive, progress, lostSlots, self));
    }

    /** The lease begins anew. */
    void renewed() {
        timers.startSingleTimer(Reminder.LEASE_OVER, lease());
    }

    Duration lease() {
        return services.settings().task().lease();
    }
}
