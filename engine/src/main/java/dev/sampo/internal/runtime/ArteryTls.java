package dev.sampo.internal.runtime;

import dev.sampo.internal.security.NodeTls;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import scala.Option;

/**
 * Gives Pekko's remoting the node's certificates. Pekko's own provider for PEM files accepts a peer by the subject it
 * shares with this node; a cluster of machines wants each to be who its address says.
 */
final class ArteryTls implements SSLEngineProvider {
    private final NodeTls tls;

    ArteryTls(NodeTls tls) {
        this.tls = tls;
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        return tls.nodeServer();
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        return tls.nodeClient(hostname, port);
    }

    /** The handshake has checked all there is. */
    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return Option.empty();
    }

    /** The handshake has checked all there is. */
    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        return Option.empty();
    }
}
