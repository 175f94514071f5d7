package dev.sampo.seed.http;

import java.util.Optional;

/** Says who makes a request. Safe for many threads. */
interface Authenticator {
    /** Of an API that asks for no tokens, because other machines do not reach it. */
    Authenticator OPEN = token -> Optional.of(new Client("-", Access.ADMIN));

    /**
     * Who makes a request.
     *
     * @param name the name of the token, for the audit log; {@code -} where none is asked for
     * @param access what may be done
     */
    record Client(String name, Access access) {}

    /**
     * Returns whose token it is; empty when it is nobody's, or there is none and one is needed.
     *
     * @param bearer what follows {@code Bearer} in the header of the request; empty without such a header
     */
    Optional<Client> authenticate(String bearer);
}
