package dev.sampo.internal.transfer;

import io.netty.handler.ssl.SslContext;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the data port speaks TLS, and with which certificates. With TLS both sides have to show a certificate: the
 * contexts given here ask for it.
 */
public final class TransferSecurity {
    /** No TLS: bytes travel as they are, and anybody who reaches the port may read. */
    public static final TransferSecurity PLAIN = new TransferSecurity(null, null);

    private final @Nullable Supplier<SslContext> server;
    private final @Nullable Supplier<SslContext> client;

    private TransferSecurity(@Nullable Supplier<SslContext> server, @Nullable Supplier<SslContext> client) {
        this.server = server;
        this.client = client;
    }

    /**
     * TLS with mutual authentication.
     *
     * @param server gives the context of connections that are accepted, asked for each; requires a client certificate
     * @param client gives the context of connections that are made, asked for each; holds a client certificate
     */
    public static TransferSecurity tls(Supplier<SslContext> server, Supplier<SslContext> client) {
        return new TransferSecurity(server, client);
    }

    /** Returns whether TLS is on. */
    public boolean isTls() {
        return server != null;
    }

    @Nullable
    SslContext forServer() {
        return server == null ? null : server.get();
    }

    @Nullable
    SslContext forClient() {
        return client == null ? null : client.get();
    }
}
