package dev.sampo.internal.security;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why another node cannot be reached. Remoting tries again and again and says little; this connects once, the
 * way it would, and says in words what went wrong. Sends no data.
 */
public final class PeerProbe {
    private final @Nullable NodeTls tls;
    private final int limitMillis;

    /**
     * Creates a probe.
     *
     * @param tls the certificates of this node, or null when it has none
     * @param limit how long each step may take
     */
    public PeerProbe(@Nullable NodeTls tls, Duration limit) {
        this.tls = tls;
        this.limitMillis = Math.toIntExact(limit.toMillis());
    }

    /** Returns what is wrong with the connection to an address; empty when nothing is. Blocks. */
    public Optional<String> problem(String host, int port) {
        String peer = host + ":" + port;
        try (Socket socket = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                return Optional.of("the name service does not know " + host + "; expected the name of a seed");
            }
            socket.connect(address, limitMillis);
            socket.setSoTimeout(limitMillis);
            return tls == null ? speaksTls(socket, host, port) : refuses(tls, socket, host, port);
        } catch (ConnectException | SocketTimeoutException e) {
            return Optional.of("nothing answers at " + peer + " (" + e.getMessage() + "); expected a seed there");
        } catch (IOException | GeneralSecurityException e) {
            return Optional.of(peer + " cannot be reached (" + e.getMessage() + "); expected a seed there");
        }
    }

    private Optional<String> refuses(NodeTls certificates, Socket plain, String host, int port) throws IOException {
        String peer = host + ":" + port;
        Optional<String> before = certificates.lastRefusal();
        try (SSLSocket socket = (SSLSocket) certificates.sockets().createSocket(plain, host, port, false)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(new String[] {"TLSv1.3"});
            socket.setSSLParameters(parameters);
            try {
                socket.startHandshake();
            } catch (IOException e) {
                Optional<String> after = certificates.lastRefusal();
                boolean ours = after.isPresent()
                        && (!after.equals(before)
                                || String.valueOf(e.getMessage()).contains(after.get()));
                return Optional.of(
                        ours
                                ? peer + " is refused: " + after.get()
                                : peer + " does not speak TLS as a node of a cluster with certificates does ("
                                        + e.getMessage() + "); expected sampo.security.tls to be set there too");
            }
            // in TLSv1.3 the other side looks at our certificate after our part of the handshake is over
            try {
                return socket.getInputStream().read() < 0
                        ? Optional.of(refused(peer, "it closed the connection"))
                        : Optional.empty();
            } catch (SocketTimeoutException e) {
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(refused(peer, e.getMessage()));
            }
        }
    }

    private static String refused(String peer, @Nullable String message) {
        return peer + " refuses the certificate of this node (" + message
                + "); expected one of the CA of its cluster that is valid by its clock";
    }

    /** Offers a handshake and gives it up as soon as the other side has shown a certificate. */
    private Optional<String> speaksTls(Socket plain, String host, int port)
            throws IOException, GeneralSecurityException {
        AtomicBoolean shown = new AtomicBoolean();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new NobodyTrusted(shown)}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, false)) {
            socket.startHandshake();
        } catch (IOException e) {
            // nobody is trusted: it always fails
        }
        return shown.get()
                ? Optional.of(host + ":" + port
                        + " speaks TLS, and this node has no certificates; expected sampo.security.tls to be set, with"
                        + " certificates of the CA of that cluster")
                : Optional.empty();
    }

    /** Notes that a certificate was shown, and refuses it. */
    private record NobodyTrusted(AtomicBoolean shown) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType)
                throws java.security.cert.CertificateException {
            throw new java.security.cert.CertificateException("nobody is trusted");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType)
                throws java.security.cert.CertificateException {
            shown.set(true);
            throw new java.security.cert.CertificateException("nobody is trusted");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
