package dev.sampo.seed.http;

import java.util.Locale;

/** What a client must be allowed to do before an endpoint works for it. Each implies those before it. */
enum Access {
    /** Nothing: the endpoint is open to everybody who reaches the port. */
    NONE,
    /** Look at jobs, nodes and events. */
    VIEW,
    /** Submit and cancel jobs. */
    SUBMIT,
    /** Change the cluster. */
    ADMIN;

    boolean implies(Access needed) {
        return compareTo(needed) >= 0;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
