package dev.sampo.internal.security;

import dev.sampo.internal.config.SecuritySettings;
import dev.sampo.internal.config.TlsSettings;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS for all ports of one node, from its PEM files: TLSv1.3 with certificates on both sides between nodes, HTTPS for the
 * API. Every connection takes an engine of its own; when the files have changed, engines made {@link
 * TlsSettings#reload()} later have the new certificates, and sessions made with the old ones are not resumed.
 * Connections that exist go on. Safe for many threads; an engine may read three small files.
 */
public final class NodeTls {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
    private static final String[] NODE_PROTOCOLS = {"TLSv1.3"};
    private static final String[] API_PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final String PROTOCOL = "TLS";
    /** The rules of RFC 2818, for whatever is inside. */
    private static final String HOST_CHECK = "HTTPS";

    private final TlsSettings settings;
    private final InstantSource clock;
    private final RefusalLog refusals;
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile Current current;

    /** What is in use, when the files were looked at last, and what was found unusable then. */
    private record Current(
            Credentials credentials,
            SSLContext context,
            Credentials.Source source,
            Instant checked,
            Credentials.@Nullable Source unusable) {
        Current checkedAt(Instant now, Credentials.@Nullable Source nowUnusable) {
            return new Current(credentials, context, source, now, nowUnusable);
        }
    }

    private NodeTls(TlsSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.refusals = new RefusalLog(clock);
        this.current = open(Credentials.Source.read(settings));
    }

    /**
     * Reads a node's certificates.
     *
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} naming every file that is unreadable, expired, or does not
     *     go with the others
     */
    public static NodeTls load(TlsSettings settings, InstantSource clock) {
        return new NodeTls(settings, clock);
    }

    /**
     * Reads a node's certificates if it has any.
     *
     * @throws SampoException as {@link #load}
     */
    public static Optional<NodeTls> of(SecuritySettings settings, InstantSource clock) {
        return settings.tls().map(tls -> load(tls, clock));
    }

    /**
     * Returns the context of an HTTPS client that trusts the CA of a file and has no certificate of its own. The client
     * has to ask for the check of host names, as {@code java.net.http.HttpClient} always does.
     *
     * @param option the option or setting that names the file, for messages, such as {@code --ca}
     * @param ca PEM file with certificates of authorities
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when it cannot be read, or holds none that is valid
     */
    public static SSLContext clientTrusting(String option, Path ca, InstantSource clock) {
        List<X509Certificate> authorities = Credentials.authorities(option, ca, clock.instant());
        try {
            return context(null, ClusterTrust.in(authorities, clock, reason -> {}));
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /**
     * Returns an engine for a connection that another node opened. It asks for a certificate of the cluster's CA.
     */
    public SSLEngine nodeServer() {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(NODE_PROTOCOLS);
        engine.setNeedClientAuth(true);
        return engine;
    }

    /**
     * Returns an engine for a connection to another node. The handshake fails unless that has a certificate of the
     * cluster's CA with {@code host} among its names.
     *
     * @param host the name or address the node is known by, not where that happens to resolve to
     */
    public SSLEngine nodeClient(String host, int port) {
        SSLEngine engine = context().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(NODE_PROTOCOLS);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(HOST_CHECK);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * Returns an engine for a connection to the HTTPS API, where clients have tokens and no certificates; for pekko-http,
     * {@code ConnectionContext.httpsServer(tls::httpsServer)}.
     */
    public SSLEngine httpsServer() {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(API_PROTOCOLS);
        return engine;
    }

    /**
     * Returns the context of an HTTPS client that trusts the cluster's CA, as of now. The client has to ask for the check
     * of host names, as {@code java.net.http.HttpClient} always does.
     */
    public SSLContext httpsClient() {
        return context();
    }

    /**
     * Fails unless the certificate covers the name that others know this node by: they would refuse it one by one.
     *
     * @param key the setting that has the host
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID}
     */
    public void requireName(String key, String host) {
        X509Certificate own = fresh().credentials().chain().get(0);
        if (!CertificateNames.cover(own, host)) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    key + ": " + host + " is not among the names of the certificate in " + settings.certificate() + ", "
                            + CertificateNames.of(own) + "; expected one of those, or a certificate for this host");
        }
    }

    /** Returns a factory of sockets that do what engines of {@link #nodeClient} do, but for the check of the host. */
    SSLSocketFactory sockets() {
        return context().getSocketFactory();
    }

    /** Returns when the node's certificate expires. */
    public Instant expires() {
        return fresh().credentials().chain().get(0).getNotAfter().toInstant();
    }

    /** Returns why a certificate of another side was refused last; empty when none was. */
    public Optional<String> lastRefusal() {
        return refusals.last();
    }

    private SSLContext context() {
        return fresh().context();
    }

    private Current fresh() {
        Current known = current;
        Instant now = clock.instant();
        if (now.isBefore(known.checked().plus(settings.reload())) || !reloading.tryLock()) {
            return known;
        }
        try {
            current = looked(now);
            return current;
        } finally {
            reloading.unlock();
        }
    }

    /** Reads the files again; what cannot be used is reported once and changes nothing. */
    private Current looked(Instant now) {
        Current known = current;
        Credentials.Source source;
        try {
            source = Credentials.Source.read(settings);
        } catch (SampoException e) {
            LOG.warn("changed {}; those read before stay in use", e.getMessage());
            return known.checkedAt(now, null);
        }
        if (source.hasSameBytes(known.source())) {
            return known.checkedAt(now, null);
        }
        if (known.unusable() != null && source.hasSameBytes(known.unusable())) {
            return known.checkedAt(now, source);
        }
        try {
            Current opened = open(source);
            LOG.info(
                    "New certificates are in use, valid until {}",
                    opened.credentials().chain().get(0).getNotAfter().toInstant());
            return opened;
        } catch (SampoException e) {
            LOG.warn("changed {}; those read before stay in use", e.getMessage());
            return known.checkedAt(now, source);
        }
    }

    private Current open(Credentials.Source source) {
        Instant now = clock.instant();
        Credentials credentials = Credentials.of(source, settings, now);
        try {
            SSLContext context = context(
                    new NodeKey(credentials.key(), credentials.chain()),
                    ClusterTrust.in(credentials.authorities(), clock, refusals::add));
            return new Current(credentials, context, source, now, null);
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    private static SSLContext context(@Nullable NodeKey key, ClusterTrust trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(PROTOCOL);
        context.init(key == null ? new KeyManager[0] : new KeyManager[] {key}, new TrustManager[] {trust}, null);
        return context;
    }

    private static SampoException unusable(GeneralSecurityException e) {
        return new SampoException(
                ErrorCode.INTERNAL, "TLS cannot be set up: " + e.getMessage() + "; expected a JDK that has TLSv1.3", e);
    }
}
