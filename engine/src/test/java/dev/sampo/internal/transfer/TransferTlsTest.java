package dev.sampo.internal.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.RecordingRelay;
import dev.sampo.internal.config.TlsSettings;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.security.NodeTls;
import dev.sampo.internal.security.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The data port with the certificates of nodes. */
@Timeout(60)
class TransferTlsTest {
    private static final String HOST = "127.0.0.1";
    private static final String TEXT = "a line that nobody on the network may read\n".repeat(20_000);
    private static final TransferLimits LIMITS = TransferLimits.defaults()
            .withTimes(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(30));

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @TempDir
    private Path folder;

    private TestAuthority authority;
    /** Made by the tests that listen. */
    @SuppressWarnings("NullAway.Init")
    private RecordingRelay relay;

    @BeforeEach
    void makeAuthority() {
        authority = new TestAuthority(folder, "ours");
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void bytesArriveAndNobodyOnTheNetworkSeesThem() throws IOException {
        serve(security(authority.node("server", HOST)));

        assertThat(read(security(authority.node("client", HOST)))).isEqualTo(TEXT);

        assertThat(relay.seen()).hasSizeGreaterThan(TEXT.length()).doesNotContain("nobody on the network", "thing");
    }

    @Test
    void theRelayWouldSeeThemWithoutCertificates() throws IOException {
        serve(TransferSecurity.PLAIN);

        assertThat(read(TransferSecurity.PLAIN)).isEqualTo(TEXT);

        assertThat(relay.seen()).contains("nobody on the network");
    }

    @Test
    void strangersAreRefusedAndOthersAreServedOn() throws IOException {
        serve(security(authority.node("server", HOST)));
        TestAuthority others = new TestAuthority(folder, "others");

        assertThatThrownBy(() -> read(security(others.node("stranger", HOST))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was not issued by the CA of this cluster but by 'CN=ours'");
        TlsSettings stranger = others.node("two-faced", HOST);
        Path both = Files.writeString(
                folder.resolve("both.pem"), Files.readString(others.file()) + Files.readString(authority.file()));
        assertThatThrownBy(() -> read(
                        security(new TlsSettings(stranger.certificate(), stranger.key(), both, stranger.reload()))))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(TransferSecurity.PLAIN)).isInstanceOf(IOException.class);

        assertThat(read(security(authority.node("client", HOST)))).isEqualTo(TEXT);
    }

    @Test
    void aServerWhoseCertificateIsForAnotherHostIsRefused() throws IOException {
        serve(security(authority.node("server", "10.0.0.9", "localhost")));

        assertThatThrownBy(() -> read(security(authority.node("client", HOST))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is for [10.0.0.9, localhost], not for the host it was reached at, 127.0.0.1");
    }

    private void serve(TransferSecurity security) throws IOException {
        Content held = Content.of(TEXT.getBytes(UTF_8));
        TransferServer server = TransferServer.start(
                new DataAddress(HOST, 0), security, LIMITS, Map.of("thing", name -> held), Map.of());
        opened.push(server);
        relay = new RecordingRelay(server.address().port());
        opened.push(relay);
    }

    private String read(TransferSecurity security) throws IOException {
        try (TransferClient client = new TransferClient(security, LIMITS);
                InputStream in = client.open(new DataAddress(HOST, relay.port()), "thing", "x")) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static TransferSecurity security(TlsSettings settings) {
        NodeTls tls = NodeTls.load(settings, InstantSource.system());
        return TransferSecurity.tls(tls::nodeServer, tls::nodeClient);
    }
}
