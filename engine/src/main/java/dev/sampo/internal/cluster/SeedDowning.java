package dev.sampo.internal.cluster;

import dev.sampo.internal.cluster.DowningRules.Verdict;
import dev.sampo.internal.cluster.SeenMember.Phase;
import dev.sampo.internal.config.DowningSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.Reachability;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.event.Logging;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Shows a seed's view of the members to {@link DowningRules} and does what they decide. A classic actor, for Pekko's
 * cluster daemon is its parent.
 *
 * <p>Who says of whom that it is unreachable is in {@link ClusterEvent.ReachabilityChanged}, which Pekko keeps for its own
 * resolver; what is public says only that somebody does.
 */
final class SeedDowning extends AbstractActorWithTimers {
    private static final Duration TICK = Duration.ofMillis(200);

    private final LoggingAdapter log = Logging.getLogger(getContext().getSystem(), this);
    private final DowningRules rules;
    private final LongSupplier nanos;
    private final Set<Verdict> logged = new HashSet<>();
    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private @Nullable Reachability reachability;

    private SeedDowning(DowningSettings settings, LongSupplier nanos) {
        this.nanos = nanos;
        this.rules = new DowningRules(settings);
    }

    private enum Tick {
        INSTANCE
    }

    static Props props(DowningSettings settings, LongSupplier nanos) {
        return Props.create(SeedDowning.class, () -> new SeedDowning(settings, nanos));
    }

    @Override
    public void preStart() {
        cluster.subscribe(
                getSelf(),
                ClusterEvent.initialStateAsEvents(),
                ClusterEvent.MemberEvent.class,
                ClusterEvent.ReachabilityChanged.class);
        getTimers().startTimerWithFixedDelay(Tick.INSTANCE, Tick.INSTANCE, TICK);
    }

    @Override
    public void postStop() {
        cluster.unsubscribe(getSelf());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(ClusterEvent.ReachabilityChanged.class, this::onReachability)
                .match(ClusterEvent.MemberEvent.class, event -> look())
                .match(Tick.class, tick -> look())
                .build();
    }

    private void onReachability(ClusterEvent.ReachabilityChanged changed) {
        reachability = changed.reachability();
        look();
    }

    private void look() {
        long now = nanos.getAsLong();
        Map<String, Address> addresses = new HashMap<>();
        rules.see(view(addresses), now);
        List<Verdict> verdicts = rules.decide(now);
        for (Verdict verdict : verdicts) {
            if (logged.add(verdict)) {
                log.warning("{} is taken out of the cluster: {}", verdict.member(), verdict.reason());
            }
            Address address = addresses.get(verdict.member());
            if (address != null) {
                cluster.down(address);
            }
        }
        logged.retainAll(verdicts);
    }

    private MembershipView view(Map<String, Address> addresses) {
        List<SeenMember> members = new ArrayList<>();
        for (Member member : cluster.state().getMembers()) {
            String id = id(member.uniqueAddress());
            addresses.put(id, member.address());
            members.add(new SeenMember(id, member.hasRole(MemberRoles.COORDINATOR), phase(member.status())));
        }
        return MembershipView.of(id(cluster.selfUniqueAddress()), members, observers());
    }

    private Map<String, Set<String>> observers() {
        Map<String, Set<String>> observers = new HashMap<>();
        if (reachability != null) {
            for (Reachability.Record each : CollectionConverters.asJava(reachability.records())) {
                if (!reachability.isReachable(each.observer(), each.subject())) {
                    observers
                            .computeIfAbsent(id(each.subject()), subject -> new HashSet<>())
                            .add(id(each.observer()));
                }
            }
        }
        return observers;
    }

    private static Phase phase(MemberStatus status) {
        if (status.equals(MemberStatus.joining()) || status.equals(MemberStatus.weaklyUp())) {
            return Phase.ENTERING;
        } else if (status.equals(MemberStatus.up()) || status.equals(MemberStatus.leaving())) {
            return Phase.VOTING;
        }
        return status.equals(MemberStatus.exiting()) ? Phase.EXITING : Phase.DOWN;
    }

    private static String id(UniqueAddress member) {
        return member.address().hostPort() + "#" + member.longUid();
    }
}
