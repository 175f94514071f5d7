package dev.sampo.internal.security;

import dev.sampo.internal.config.ApiRole;

/**
 * Who makes a request to the API.
 *
 * @param name the name of the token, for the audit log; {@link #ANYBODY} where no tokens are asked for
 * @param role what may be done
 */
public record Principal(String name, ApiRole role) {
    /** Everybody, where an API asks for no tokens. */
    public static final Principal ANYBODY = new Principal("-", ApiRole.ADMIN);

    /** Returns whether what {@code needed} allows may be done. */
    public boolean may(ApiRole needed) {
        return role.implies(needed);
    }
}
