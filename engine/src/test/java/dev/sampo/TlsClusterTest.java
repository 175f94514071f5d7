package dev.sampo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.api.Combiners;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.internal.config.TlsSettings;
import dev.sampo.internal.runtime.NodeProcess;
import dev.sampo.internal.runtime.NodeProgram;
import dev.sampo.internal.security.TestAuthority;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A cluster whose nodes have certificates, and what becomes of nodes that do not belong to it. */
@Timeout(120)
class TlsClusterTest {
    private static final String HOST = "127.0.0.1";
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(5);
    private static final String SECRET = "nobody-on-the-network-may-read-this-name";

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private Path folder;

    private TestAuthority authority;
    /** Made by the tests that listen. */
    @SuppressWarnings("NullAway.Init")
    private RecordingRelay relay;

    @BeforeEach
    void open() throws IOException {
        authority = new TestAuthority(folder, "ours");
        log.start();
        ((Logger) LoggerFactory.getLogger("dev.sampo")).addAppender(log);
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        ((Logger) LoggerFactory.getLogger("dev.sampo")).detachAppender(log);
    }

    @Test
    void runsAJobAndShowsNobodyOnTheNetworkWhatItIs() throws Exception {
        NodeProcess seed = seed(tls(authority.node("seed", HOST)));
        worker(tls(authority.node("one", HOST)));
        worker(tls(authority.nodeWithKey("RSA", "two", HOST)));

        assertThat(words()).contains("be\t2", "to\t2");

        assertThat(seed.system().settings().config().getString("pekko.remote.artery.transport"))
                .isEqualTo("tls-tcp");
        assertThat(relay.seen()).hasSizeGreaterThan(10_000).doesNotContain(SECRET, "pekko://", "JobProtocol", "Gossip");
    }

    @Test
    void theRelayWouldSeeItWithoutCertificates() throws Exception {
        seed("");
        worker("");

        assertThat(words(SECRET, "")).contains("be\t2");

        assertThat(relay.seen()).contains(SECRET, "pekko://");
    }

    @Test
    void refusesOthersAndGoesOn() throws Exception {
        NodeProcess seed = seed(tls(authority.node("seed", HOST)));
        worker(tls(authority.node("one", HOST)));

        TestAuthority others = new TestAuthority(folder, "others");
        assertThat(join(tls(others.node("stranger", HOST)))).isEqualTo(NodeProgram.COULD_NOT_JOIN);
        assertThat(messages())
                .contains("could not join within PT5S")
                .contains("is refused: the certificate 'CN=seed' of the other side was not issued by the CA of this"
                        + " cluster but by 'CN=ours'; expected a certificate of ['CN=others']");

        log.list.clear();
        assertThat(join("")).isEqualTo(NodeProgram.COULD_NOT_JOIN);
        assertThat(messages()).contains("speaks TLS, and this node has no certificates; expected sampo.security.tls");

        log.list.clear();
        TlsSettings mixed = others.node("two-faced", HOST);
        Path both = Files.writeString(
                folder.resolve("both.pem"), Files.readString(others.file()) + Files.readString(authority.file()));
        assertThat(join(tls(new TlsSettings(mixed.certificate(), mixed.key(), both, mixed.reload()))))
                .isEqualTo(NodeProgram.COULD_NOT_JOIN);
        assertThat(messages())
                .contains("refuses the certificate of this node")
                .contains("'CN=two-faced' of the other side was not issued by the CA of this cluster");

        log.list.clear();
        assertThat(join(tls(authority.expired("late", HOST)))).isEqualTo(NodeProgram.BAD_CONFIGURATION);
        assertThat(messages()).contains("it expired on");

        log.list.clear();
        assertThat(join(tls(authority.node("elsewhere", "10.0.0.9")))).isEqualTo(NodeProgram.BAD_CONFIGURATION);
        assertThat(messages()).contains("sampo.cluster.host: 127.0.0.1 is not among the names of the certificate");

        assertThat(words()).contains("be\t2");
        assertThat(Cluster.get(seed.system()).state().getUnreachable()).isEmpty();
    }

    @Test
    void withoutCertificatesOnlyLoopbackIsBound() {
        for (String host : List.of("0.0.0.0", "10.11.12.13")) {
            Config config = config(host, 0, "", "");
            assertThatThrownBy(() -> NodeProcess.seed(config))
                    .isInstanceOf(SampoException.class)
                    .hasMessageContaining(
                            "sampo.cluster.host: " + host + " is reached by other machines, and this node has"
                                    + " no certificates; expected a loopback address")
                    .hasMessageContaining("sampo.security.allow-insecure = true");
        }
        assertThatThrownBy(() -> NodeProcess.worker(config(HOST, 0, "", "")
                        .withFallback(ConfigFactory.parseMap(Map.of("pekko.remote.artery.bind.hostname", "0.0.0.0")))))
                .hasMessageContaining("pekko.remote.artery.bind.hostname: 0.0.0.0 is reached by other machines");
        assertThatThrownBy(() -> Sampo.join(config("0.0.0.0", 0, "", ""))).hasMessageContaining("no certificates");
    }

    private NodeProcess seed(String security) throws IOException {
        int port = freePort();
        relay = new RecordingRelay(port);
        opened.push(relay);
        NodeProcess seed =
                NodeProcess.seed(config(HOST, relay.port(), security, "pekko.remote.artery.bind.port = " + port));
        opened.push(seed);
        return seed;
    }

    private void worker(String security) {
        opened.push(NodeProcess.worker(joining(security)));
    }

    private int join(String security) {
        return new NodeProgram("worker", NodeProcess::worker, JOIN_LIMIT).run(joining(security));
    }

    private List<String> words() throws Exception {
        return words(SECRET, tls(authority.node("submitter", HOST)));
    }

    private List<String> words(String name, String security) throws Exception {
        Path output = folder.resolve("out");
        try (Sampo engine = Sampo.join(joining(security))) {
            engine.submit(JobSpec.named(name)
                            .read(MemoryInput.of(List.of("to be or", "not to be")))
                            .map(String.class, Long.class, (line, out) -> {
                                for (String word : line.split(" ")) {
                                    out.emit(word, 1L);
                                }
                            })
                            .combine(Combiners.sumLong())
                            .partitions(2)
                            .reduce(String.class, Long.class, Reducers.sumLong())
                            .writeTo(TextOutput.to(output).overwrite(true)))
                    .await()
                    .close();
        }
        try (Stream<Path> files = Files.list(output)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .flatMap(TlsClusterTest::lines)
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Config joining(String security) {
        return config(HOST, 0, security, "sampo.cluster.seeds = \"" + HOST + ":" + relay.port() + "\"");
    }

    private Config config(String host, int port, String security, String more) {
        Map<String, Object> values = new HashMap<>();
        values.put("sampo.cluster.host", host);
        values.put("sampo.cluster.port", port);
        values.put("sampo.slots", 1);
        values.put("sampo.memory", "16MiB");
        values.put("sampo.temp-dir", folder.resolve("temp").toString());
        return ConfigFactory.parseString(security + "\n" + more).withFallback(ConfigFactory.parseMap(values));
    }

    private static String tls(TlsSettings files) {
        return "sampo.security.tls { certificate = \"" + files.certificate() + "\", key = \"" + files.key()
                + "\", ca = \"" + files.ca() + "\" }";
    }

    private String messages() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .collect(Collectors.joining("\n"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
