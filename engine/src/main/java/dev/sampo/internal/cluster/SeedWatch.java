package dev.sampo.internal.cluster;

import dev.sampo.internal.config.ClusterSettings;
import dev.sampo.internal.protocol.MembershipProtocol;
import dev.sampo.internal.protocol.MembershipProtocol.AmIMember;
import dev.sampo.internal.protocol.MembershipProtocol.MembershipKnown;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.remote.artery.ThisActorSystemQuarantinedEvent;

/**
 * At a worker or a submitter: asks the seeds, again and again, whether it is still a member, and ends this life of the
 * node when it is not: a lone seed died and is back with a new cluster, or the seeds have taken the node out. It does not
 * end it because no seed answers, until that has lasted very long: work goes on without them as far as it can.
 */
public final class SeedWatch extends AbstractBehavior<SeedWatch.Command> {
    private static final Duration ASK = Duration.ofSeconds(1);

    /** A seed that has just come up may not have heard of all members yet. */
    private static final int DENIALS = 3;

    private final Cluster cluster = Cluster.get(getContext().getSystem().classicSystem());
    private final ClusterSettings settings;
    private final org.apache.pekko.actor.typed.ActorRef<MembershipProtocol.Wire> answers;
    private int silentAsks;
    private int denials;
    private boolean wasIn;

    private SeedWatch(ActorContext<Command> context, TimerScheduler<Command> timers, ClusterSettings settings) {
        super(context);
        this.settings = settings;
        this.answers = context.messageAdapter(MembershipProtocol.Wire.class, Answer::new);
        timers.startTimerWithFixedDelay(Ask.INSTANCE, ASK);
        ActorRef quarantined =
                Adapter.toClassic(context.messageAdapter(ThisActorSystemQuarantinedEvent.class, Quarantined::new));
        var unused = context.getSystem()
                .classicSystem()
                .eventStream()
                .subscribe(quarantined, ThisActorSystemQuarantinedEvent.class);
    }

    /** What the watch accepts; all of it local. */
    public sealed interface Command {}

    private enum Ask implements Command {
        INSTANCE
    }

    private record Answer(MembershipProtocol.Wire message) implements Command {}

    private record Quarantined(ThisActorSystemQuarantinedEvent event) implements Command {}

    /**
     * Creates the watch of a node.
     *
     * @param settings the seeds it was told, and how long it bears that none answers
     */
    public static Behavior<Command> create(ClusterSettings settings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new SeedWatch(context, timers, settings)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Ask.class, ask -> onAsk())
                .onMessage(Answer.class, this::onAnswer)
                .onMessage(Quarantined.class, event -> end("another member says that it was taken out"))
                .build();
    }

    private Behavior<Command> onAsk() {
        MemberStatus own = cluster.selfMember().status();
        // also one that joins is in the seeds' hands: Pekko does not look for others once a seed has welcomed it
        wasIn |= own.equals(MemberStatus.joining())
                || own.equals(MemberStatus.up())
                || own.equals(MemberStatus.weaklyUp());
        if (!wasIn) {
            return this; // no seed has welcomed it: Pekko looks for seeds itself
        }
        silentAsks++;
        if (silentAsks * ASK.toMillis() > settings.rejoin().silence().toMillis()) {
            return end("no seed has answered for " + settings.rejoin().silence());
        }
        org.apache.pekko.actor.Address address = cluster.selfAddress();
        AmIMember question = new AmIMember(
                address.getHost().orElse(""),
                address.getPort().orElse(0),
                cluster.selfUniqueAddress().longUid(),
                answers);
        for (String seed : seeds()) {
            getContext()
                    .getSystem()
                    .classicSystem()
                    .actorSelection(seed + SeedDoor.PATH)
                    .tell(question, ActorRef.noSender());
        }
        return this;
    }

    /** The seeds that the settings name, and those that are members now. */
    private Set<String> seeds() {
        Set<String> seeds = new TreeSet<>();
        settings.seeds()
                .forEach(seed -> seeds.add(cluster.selfAddress().protocol() + "://"
                        + cluster.selfAddress().system() + "@" + seed));
        for (Member member : cluster.state().getMembers()) {
            if (member.hasRole(MemberRoles.COORDINATOR)) {
                seeds.add(member.address().toString());
            }
        }
        return seeds;
    }

    private Behavior<Command> onAnswer(Answer answer) {
        if (answer.message instanceof MembershipKnown known) {
            silentAsks = 0;
            denials = known.member() ? 0 : denials + 1;
            if (denials >= DENIALS) {
                return end("the seeds do not know this life of it");
            }
        }
        return this;
    }

    /** Takes the node out by its own word: its actor system ends, and whoever runs it starts the next. */
    private Behavior<Command> end(String why) {
        getContext().getLog().warn("{} has lost the cluster: {}", cluster.selfAddress(), why);
        cluster.down(cluster.selfAddress());
        denials = 0;
        silentAsks = 0;
        return this;
    }
}
