package dev.sampo.internal.execute;

import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The leaving of a node: it takes no new attempts, what runs may end, what it holds is moved by the coordinators of the
 * jobs. When they need it no more, or the time is over, it takes its leave. Owned by the node agent.
 */
final class NodeDrain {
    /** How often the coordinator is told, until it answers. */
    private static final Duration REPEAT = Duration.ofSeconds(1);

    /** The part of the time after which attempts are handed back, so that they can begin elsewhere in order. */
    private static final double HAND_BACK = 0.75;

    private final NodeFacts facts;
    private final ActorRef<ClusterProtocol.Wire> coordinator;
    private final List<Runnable> whenDone = new ArrayList<>();
    private boolean begun;
    private boolean over;

    NodeDrain(NodeFacts facts, ActorRef<ClusterProtocol.Wire> coordinator) {
        this.facts = facts;
        this.coordinator = coordinator;
    }

    /** What the agent is reminded of while it drains. */
    enum Step implements NodeProtocol.Command {
        /** The coordinator has not answered yet. */
        ASK_AGAIN,
        /** What runs has run long enough. */
        HAND_BACK,
        /** The time is over. */
        END
    }

    boolean hasBegun() {
        return begun;
    }

    /** Begins to leave, unless that has begun. */
    void begin(
            Runnable done,
            Duration limit,
            TimerScheduler<NodeProtocol.Command> timers,
            ActorRef<NodeProtocol.Wire> self) {
        if (over) {
            done.run();
            return;
        }
        whenDone.add(done);
        if (begun) {
            return;
        }
        begun = true;
        timers.startTimerWithFixedDelay(Step.ASK_AGAIN, REPEAT);
        timers.startSingleTimer(Step.HAND_BACK, Duration.ofMillis((long) (limit.toMillis() * HAND_BACK)));
        timers.startSingleTimer(Step.END, limit);
        ask(self);
    }

    void ask(ActorRef<NodeProtocol.Wire> self) {
        if (!over) {
            coordinator.tell(new ClusterProtocol.DrainStarted(facts.id(), self));
        }
    }

    /** Takes leave. */
    void end(TimerScheduler<NodeProtocol.Command> timers) {
        if (begun && !over) {
            over = true;
            timers.cancel(Step.ASK_AGAIN);
            timers.cancel(Step.HAND_BACK);
            timers.cancel(Step.END);
            coordinator.tell(new ClusterProtocol.NodeLeaves(facts.id()));
            whenDone.forEach(Runnable::run);
        }
    }

    /** Returns whether the node has taken its leave. */
    boolean isOver() {
        return over;
    }
}
