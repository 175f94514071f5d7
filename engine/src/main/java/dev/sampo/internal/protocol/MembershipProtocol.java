package dev.sampo.internal.protocol;

import org.apache.pekko.actor.typed.ActorRef;

/** How members that are no seeds learn whether they still are members. */
public interface MembershipProtocol {
    /** What may cross the network. */
    sealed interface Wire extends WireMessage {}

    /**
     * Somebody asks a seed whether it is a member. Sent to an address, whoever is there now.
     *
     * @param host the host of the asker's own address
     * @param port the port of it
     * @param life the uid of the asker's actor system
     * @param replyTo who asks
     */
    record AmIMember(String host, int port, long life, ActorRef<Wire> replyTo) implements Wire {}

    /** What the seed knows of it. */
    record MembershipKnown(boolean member) implements Wire {}
}
