package dev.sampo.internal.cluster;

import dev.sampo.internal.protocol.MembershipProtocol;
import dev.sampo.internal.protocol.MembershipProtocol.AmIMember;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;

/** Tells whoever asks whether it is a member of this seed's cluster. One at every seed, at {@link #PATH}. */
public final class SeedDoor {
    /** The name of the actor below the guardian. */
    public static final String NAME = "seed-door";

    static final String PATH = "/user/" + NAME;

    private SeedDoor() {}

    /** Creates the door of a seed. */
    public static Behavior<MembershipProtocol.Wire> create() {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem().classicSystem());
            return Behaviors.receive(MembershipProtocol.Wire.class)
                    .onMessage(AmIMember.class, ask -> {
                        if (isIn(cluster)) { // else it cannot know
                            ask.replyTo().tell(new MembershipProtocol.MembershipKnown(knows(cluster, ask)));
                        }
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private static boolean isIn(Cluster cluster) {
        MemberStatus own = cluster.selfMember().status();
        return own.equals(MemberStatus.up()) || own.equals(MemberStatus.weaklyUp());
    }

    private static boolean knows(Cluster cluster, AmIMember ask) {
        for (Member member : cluster.state().getMembers()) {
            if (member.uniqueAddress().longUid() == ask.life()
                    && member.address().getHost().filter(ask.host()::equals).isPresent()
                    && member.address()
                            .getPort()
                            .filter(port -> port == ask.port())
                            .isPresent()) {
                return !member.status().equals(MemberStatus.down())
                        && !member.status().equals(MemberStatus.removed());
            }
        }
        return false;
    }
}
