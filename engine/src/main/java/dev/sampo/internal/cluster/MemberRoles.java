package dev.sampo.internal.cluster;

/** The roles of members, as Pekko knows them. */
public final class MemberRoles {
    /** May coordinate; these members alone decide who is a member. */
    public static final String COORDINATOR = "coordinator";
    /** Runs attempts. */
    public static final String WORKER = "worker";
    /** Submits jobs and runs nothing. */
    public static final String CLIENT = "client";

    private MemberRoles() {}
}
