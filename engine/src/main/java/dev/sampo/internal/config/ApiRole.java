package dev.sampo.internal.config;

import java.util.Locale;

/** What the holder of a token may do with the API. Each role may do what those before it may. */
public enum ApiRole {
    /** Look at jobs, nodes and events. */
    VIEW,
    /** Submit and cancel jobs, and so run code on the workers. */
    SUBMIT,
    /** Change the cluster, such as draining a node. */
    ADMIN;

    /** Returns whether who has this role may do what {@code needed} allows. */
    public boolean implies(ApiRole needed) {
        return compareTo(needed) >= 0;
    }

    /** Returns the role as it is written in files and options. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
