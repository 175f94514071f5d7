package dev.sampo.internal.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.config.TlsSettings;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTlsTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private Path folder;

    private TestAuthority authority;

    @BeforeEach
    void makeAuthority() {
        authority = new TestAuthority(folder, "ours");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void nodesOfOneAuthorityShakeHands(String algorithm) throws Exception {
        NodeTls one = load(authority.nodeWithKey(algorithm, "one", "127.0.0.1"));
        NodeTls two = load(authority.nodeWithKey(algorithm, "two", "node-two.example"));

        SSLEngine server = two.nodeServer();
        shakeHands(one.nodeClient("node-two.example", 1), server);

        assertThat(server.getSession().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(server.getSession().getPeerPrincipal().getName()).isEqualTo("CN=one");
    }

    @Test
    void httpsAsksForNoCertificate() throws Exception {
        NodeTls node = load(authority.node("one", "127.0.0.1"));
        SSLEngine client =
                NodeTls.clientTrusting("--ca", authority.file(), CLOCK).createSSLEngine("127.0.0.1", 1);
        client.setUseClientMode(true);
        SSLEngine server = node.httpsServer();

        shakeHands(client, server);

        assertThat(client.getSession().getPeerPrincipal().getName()).isEqualTo("CN=one");
        assertThatThrownBy(() -> server.getSession().getPeerPrincipal()).isInstanceOf(SSLPeerUnverifiedException.class);
    }

    @Test
    void refusesServerOfAnotherAuthorityThatHasTheSameName() {
        NodeTls ours = load(authority.node("one", "127.0.0.1"));
        NodeTls theirs = load(new TestAuthority(folder.resolve("other"), "ours").node("two", "127.0.0.1"));

        assertThatThrownBy(() -> shakeHands(ours.nodeClient("127.0.0.1", 1), theirs.nodeServer()))
                .isInstanceOf(SSLException.class);

        assertThat(ours.lastRefusal())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("'CN=two'", "was not issued by the CA of this cluster but by 'CN=ours'", "expected"));
    }

    @Test
    void refusesClientOfAnotherAuthority() {
        TlsSettings mixed = new TestAuthority(folder, "other").node("two", "127.0.0.1");
        NodeTls ours = load(authority.node("one", "127.0.0.1"));
        // it trusts us, so that only our side can refuse
        NodeTls theirs = load(mixed, authority.file());

        assertThatThrownBy(() -> shakeHands(theirs.nodeClient("127.0.0.1", 1), ours.nodeServer()))
                .isInstanceOf(SSLException.class);

        assertThat(ours.lastRefusal())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains(
                                "'CN=two'",
                                "not issued by the CA of this cluster but by 'CN=other'",
                                "of ['CN=ours']"));
    }

    @Test
    void refusesClientWithoutCertificate() {
        NodeTls ours = load(authority.node("one", "127.0.0.1"));
        SSLEngine client =
                NodeTls.clientTrusting("--ca", authority.file(), CLOCK).createSSLEngine("127.0.0.1", 1);
        client.setUseClientMode(true);

        assertThatThrownBy(() -> shakeHands(client, ours.nodeServer())).isInstanceOf(SSLException.class);
    }

    @Test
    void refusesPeerThatIsNotForItsHost() {
        NodeTls one = load(authority.node("one", "127.0.0.1"));
        NodeTls two = load(authority.node("two", "10.0.0.7", "seven.example"));

        assertThatThrownBy(() -> shakeHands(one.nodeClient("10.0.0.8", 1), two.nodeServer()))
                .isInstanceOf(SSLException.class);

        assertThat(one.lastRefusal())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("is for [10.0.0.7, seven.example]", "not for the host it was reached at, 10.0.0.8"));
    }

    @Test
    void refusesPeerWhoseCertificateExpiredSinceItStarted() {
        TlsSettings expired = authority.expired("two", "127.0.0.1");
        NodeTls ours = load(authority.node("one", "127.0.0.1"));
        Instant earlier = Instant.now().minus(Duration.ofDays(1));
        NodeTls theirs = NodeTls.load(expired, () -> earlier);

        assertThatThrownBy(() -> shakeHands(theirs.nodeClient("127.0.0.1", 1), ours.nodeServer()))
                .isInstanceOf(SSLException.class);

        assertThat(ours.lastRefusal())
                .hasValueSatisfying(reason -> assertThat(reason).contains("'CN=two'", "expired on"));
    }

    @Test
    void saysAllThatIsWrongWithTheFilesAtOnce() throws IOException {
        TlsSettings expired = authority.expired("one", "127.0.0.1");
        TlsSettings other = authority.node("two", "127.0.0.1");
        Path notOne = Files.writeString(folder.resolve("empty.pem"), "nothing");

        assertThatThrownBy(() -> load(new TlsSettings(expired.certificate(), other.key(), notOne, Duration.ofDays(1))))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
                .hasMessageContaining("sampo.security.tls.certificate: " + expired.certificate() + ": it expired on")
                .hasMessageContaining("sampo.security.tls.key: " + other.key() + ": it is not the key of")
                .hasMessageContaining("sampo.security.tls.ca: " + notOne + ": it ");
    }

    @Test
    void refusesCertificateOfAnotherAuthorityAtStart() {
        TlsSettings theirs = new TestAuthority(folder, "other").node("two", "127.0.0.1");

        assertThatThrownBy(() ->
                        load(new TlsSettings(theirs.certificate(), theirs.key(), authority.file(), Duration.ofDays(1))))
                .hasMessageContaining("it was issued by 'CN=other'")
                .hasMessageContaining("expected a certificate of the CA in " + authority.file());
    }

    @Test
    void refusesNodeCertificateInPlaceOfAnAuthority() {
        TlsSettings node = authority.node("one", "127.0.0.1");

        assertThatThrownBy(() -> load(node, node.certificate()))
                .hasMessageContaining("'CN=one' is no certificate of a CA");
    }

    @Test
    void refusesKeysInOldFormsAndSaysHowToConvertThem() throws IOException {
        TlsSettings node = authority.node("one", "127.0.0.1");
        Files.writeString(node.key(), "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ==\n-----END EC PRIVATE KEY-----\n");

        assertThatThrownBy(() -> load(node))
                .hasMessageContaining(node.key() + ": it holds a key in the form 'EC'")
                .hasMessageContaining("openssl pkcs8 -topk8 -nodes");
    }

    @Test
    void requiresItsOwnNameInTheCertificate() {
        NodeTls tls = load(authority.node("one", "10.0.0.7", "*.example", "worker-1"));

        tls.requireName("sampo.cluster.host", "10.0.0.7");
        tls.requireName("sampo.cluster.host", "A.Example");
        tls.requireName("sampo.cluster.host", "worker-1");

        assertThatThrownBy(() -> tls.requireName("sampo.cluster.host", "a.b.example"))
                .hasMessageContaining("sampo.cluster.host: a.b.example is not among the names of the certificate")
                .hasMessageContaining("[10.0.0.7, *.example, worker-1]");
        assertThatThrownBy(() -> tls.requireName("sampo.cluster.host", "10.0.0.8"))
                .isInstanceOf(SampoException.class);
    }

    @Test
    void takesChangedFilesForNewConnectionsAndKeepsTheOldOnesWhileTheyAreBroken() throws Exception {
        TlsSettings used = authority.node("one", "127.0.0.1");
        TlsSettings renewed = authority.node("renewed", "127.0.0.1");
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        NodeTls tls = NodeTls.load(used, now::get);
        NodeTls peer = load(authority.node("peer", "127.0.0.1"));

        Files.copy(renewed.certificate(), used.certificate(), StandardCopyOption.REPLACE_EXISTING);
        now.updateAndGet(time -> time.plusSeconds(1));
        assertThat(nameSeenBy(peer, tls)).as("the key is still the old one").isEqualTo("CN=one");

        Files.copy(renewed.key(), used.key(), StandardCopyOption.REPLACE_EXISTING);
        now.updateAndGet(time -> time.plusSeconds(1));
        assertThat(nameSeenBy(peer, tls)).isEqualTo("CN=renewed");

        Files.delete(used.key());
        now.updateAndGet(time -> time.plusSeconds(1));
        assertThat(nameSeenBy(peer, tls)).isEqualTo("CN=renewed");
    }

    private static String nameSeenBy(NodeTls client, NodeTls server) throws Exception {
        SSLEngine engine = client.nodeClient("127.0.0.1", 1);
        shakeHands(engine, server.nodeServer());
        return engine.getSession().getPeerPrincipal().getName();
    }

    private static NodeTls load(TlsSettings settings) {
        return NodeTls.load(settings, CLOCK);
    }

    /** Returns a node that shows its certificate and trusts others; what does not go together would not start. */
    private NodeTls load(TlsSettings settings, Path ca) {
        if (settings.ca().equals(authority.file())) {
            return load(new TlsSettings(settings.certificate(), settings.key(), ca, settings.reload()));
        }
        try {
            Path both = Files.writeString(
                    folder.resolve("both.pem"), Files.readString(settings.ca()) + Files.readString(ca));
            return load(new TlsSettings(settings.certificate(), settings.key(), both, settings.reload()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Runs a handshake in memory, and one byte each way: in TLSv1.3 a client is refused after its own handshake. */
    private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        client.beginHandshake();
        server.beginHandshake();
        for (int round = 0; round < 50; round++) {
            step(client, toServer, toClient);
            step(server, toClient, toServer);
        }
        assertThat(client.getHandshakeStatus()).isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
        assertThat(server.getHandshakeStatus()).isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
    }

    private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        ByteBuffer application = ByteBuffer.allocate(1 << 16);
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            default -> {
                in.flip();
                if (in.hasRemaining()) {
                    engine.unwrap(in, application);
                }
                in.compact();
            }
        }
    }
}
