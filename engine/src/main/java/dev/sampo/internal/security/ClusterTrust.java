package dev.sampo.internal.security;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts certificates of the cluster's CA and no others, by the JDK's PKIX validation (RFC 5280, section 6). What it adds
 * is a reason that an operator can act on.
 */
final class ClusterTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager pkix;
    private final X509Certificate[] authorities;
    private final InstantSource clock;
    private final Consumer<String> refusals;

    private ClusterTrust(
            X509ExtendedTrustManager pkix,
            X509Certificate[] authorities,
            InstantSource clock,
            Consumer<String> refusals) {
        this.pkix = pkix;
        this.authorities = authorities;
        this.clock = clock;
        this.refusals = refusals;
    }

    /**
     * Trusts the given authorities.
     *
     * @param refusals told why a certificate was refused
     */
    static ClusterTrust in(List<X509Certificate> authorities, InstantSource clock, Consumer<String> refusals)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException("the JDK makes no empty key store; expected one", e);
        }
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca-" + i, authorities.get(i));
        }
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager pkix) {
                return new ClusterTrust(pkix, authorities.toArray(new X509Certificate[0]), clock, refusals);
            }
        }
        throw new GeneralSecurityException("the JDK has no PKIX trust manager; expected one");
    }

    /** One of the checks of the JDK. */
    private interface Check {
        void run() throws CertificateException;
    }

    private void explained(X509Certificate[] chain, @Nullable String host, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            String reason = reason(chain, host, e);
            refusals.accept(reason);
            throw new CertificateException(reason, e);
        }
    }

    private String reason(X509Certificate[] chain, @Nullable String host, CertificateException e) {
        X509Certificate peer = chain[0];
        String who = "the certificate '" + peer.getSubjectX500Principal().getName() + "' of the other side";
        Instant now = clock.instant();
        if (peer.getNotAfter().toInstant().isBefore(now)) {
            return who + " expired on " + peer.getNotAfter().toInstant() + "; expected one that is valid now, " + now;
        }
        if (peer.getNotBefore().toInstant().isAfter(now)) {
            return who + " is valid from " + peer.getNotBefore().toInstant() + " only; expected one that is valid now, "
                    + now + ", if this clock is right";
        }
        // not by name: another CA may well have the same one
        if (host != null && !CertificateNames.cover(peer, host) && isOfOurs(chain)) {
            return who + " is for " + CertificateNames.of(peer) + ", not for the host it was reached at, " + host
                    + "; expected that among its names";
        }
        return isOfOurs(chain)
                ? who + " is refused: " + e.getMessage() + "; expected a certificate for both ends of TLS"
                : who + " was not issued by the CA of this cluster but by '"
                        + chain[chain.length - 1].getIssuerX500Principal().getName()
                        + "'; expected a certificate of " + names();
    }

    private boolean isOfOurs(X509Certificate[] chain) {
        X509Certificate last = chain[chain.length - 1];
        for (X509Certificate authority : authorities) {
            try {
                last.verify(authority.getPublicKey());
                return true;
            } catch (GeneralSecurityException e) {
                // not by this one
            }
        }
        return false;
    }

    private List<String> names() {
        return List.of(authorities).stream()
                .map(authority -> "'" + authority.getSubjectX500Principal().getName() + "'")
                .toList();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        explained(chain, null, () -> pkix.checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        String host = engine == null ? null : engine.getPeerHost();
        explained(chain, host, () -> pkix.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        explained(chain, null, () -> pkix.checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        String host =
                socket instanceof SSLSocket tls ? tls.getHandshakeSession().getPeerHost() : null;
        explained(chain, host, () -> pkix.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explained(chain, null, () -> pkix.checkClientTrusted(chain, authType));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explained(chain, null, () -> pkix.checkServerTrusted(chain, authType));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.clone();
    }
}
