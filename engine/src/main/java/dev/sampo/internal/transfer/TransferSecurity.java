package dev.sampo.internal.transfer;

import io.netty.handler.ssl.SslHandler;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Whether the data port speaks TLS, and with which certificates. */
public final class TransferSecurity {
    /** No TLS: bytes travel as they are, and anybody who reaches the port may read. */
    public static final TransferSecurity PLAIN = new TransferSecurity(null, null);

    private final @Nullable Supplier<SSLEngine> server;
    private final @Nullable ClientEngines client;

    /** Makes the engines of connections to other nodes. */
    @FunctionalInterface
    public interface ClientEngines {
        /** Returns an engine in client mode that checks that the other side is {@code host}. */
        SSLEngine to(String host, int port);
    }

    private TransferSecurity(@Nullable Supplier<SSLEngine> server, @Nullable ClientEngines client) {
        this.server = server;
        this.client = client;
    }

    /**
     * TLS with mutual authentication.
     *
     * @param server makes an engine for each connection that is accepted; one that requires a client certificate
     * @param client makes an engine for each connection that is made; one with a client certificate
     */
    public static TransferSecurity tls(Supplier<SSLEngine> server, ClientEngines client) {
        return new TransferSecurity(server, client);
    }

    /** Returns whether TLS is on. */
    public boolean isTls() {
        return server != null;
    }

    @Nullable
    SslHandler forServer(TransferLimits limits) {
        return server == null ? null : handler(server.get(), limits);
    }

    @Nullable
    SslHandler forClient(String host, int port, TransferLimits limits) {
        return client == null ? null : handler(client.to(host, port), limits);
    }

    private static SslHandler handler(SSLEngine engine, TransferLimits limits) {
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(limits.connect().toMillis());
        return handler;
    }
}
