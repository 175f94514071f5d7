package dev.sampo.internal.cluster;

/**
 * A member as the rules of downing see it.
 *
 * @param id one life of the member; sorts the same way at all members
 * @param seed whether it is a seed; all others are workers to the rules, and have no say
 * @param phase how far it has come
 */
record SeenMember(String id, boolean seed, Phase phase) {
    /** How far a member has come. */
    enum Phase {
        /** It is joining: it does not vote, but the other side may have let it in already. */
        ENTERING,
        /** It is in, and has a vote. */
        VOTING,
        /** It is going: the other side may have let it go already, so that it counts but does not vote. */
        EXITING,
        /** It was taken out, and its removal is under way. */
        DOWN
    }
}
