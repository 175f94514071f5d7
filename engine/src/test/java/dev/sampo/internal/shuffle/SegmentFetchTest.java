package dev.sampo.internal.shuffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.shuffle.SegmentFetcher.Wanted;
import dev.sampo.internal.transfer.Relay;
import dev.sampo.internal.transfer.TransferClient;
import dev.sampo.internal.transfer.TransferLimits;
import dev.sampo.internal.transfer.TransferSecurity;
import dev.sampo.internal.transfer.TransferServer;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SegmentFetchTest {
    private static final int PARTITIONS = 3;
    private static final int BLOCK_BYTES = 4096;
    private static final String HOST = "127.0.0.1";
    private static final NodeId NODE = new NodeId("worker#1");
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Map<AttemptId, MapOutput> outputs = new ConcurrentHashMap<>();

    @TempDir
    Path directory = Path.of("");

    private TransferServer server = startServer(0);
    private TransferClient client = new TransferClient(TransferSecurity.PLAIN, TransferLimits.defaults());

    @BeforeEach
    void holdOutputs() throws IOException {
        outputs.put(attempt(0), inMemory());
        outputs.put(attempt(1), inFile());
    }

    @AfterEach
    void stopServer() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void bytesComeAsTheyAreStoredFromMemoryAndFromFiles(int task) throws IOException {
        for (long memory : new long[] {0, 1 << 20}) {
            try (SegmentFetcher fetcher = fetcher(memory)) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    Segment fetched = fetch(fetcher, attempt(task), partition);
                    Segment held = output(attempt(task)).segment(partition);

                    assertThat(fetched.records()).isEqualTo(held.records());
                    assertThat(fetched.rawBytes()).isEqualTo(held.rawBytes());
                    assertThat(fetched.storedBytes()).isEqualTo(held.storedBytes());
                    assertThat(fetched.largestRecord()).isEqualTo(held.largestRecord());
                    assertThat(fetched.blockBytes()).isEqualTo(BLOCK_BYTES);
                    assertThat(contentOf(fetched)).isEqualTo(contentOf(held));
                }
                assertThat(fetcher.memoryUsed()).as("all was read to its end").isZero();
                assertThat(filesOf(fetcherDirectory())).isEmpty();
            }
        }
    }

    @Test
    void whatDoesNotFitIntoMemoryGoesToAFile() throws IOException {
        long size = output(attempt(0)).segment(0).storedBytes();
        try (SegmentFetcher fetcher = fetcher(size)) {
            Segment first = fetch(fetcher, attempt(0), 0);
            assertThat(fetcher.memoryUsed()).isEqualTo(size);
            Segment second = fetch(fetcher, attempt(0), 0);
            assertThat(filesOf(fetcherDirectory())).hasSize(1);

            assertThat(contentOf(first)).isEqualTo(contentOf(second));
            assertThat(filesOf(fetcherDirectory())).isEmpty();
            assertThat(fetcher.memoryUsed()).isZero();
        }
    }

    @Test
    void aSegmentReadToItsEndIsFetchedAgainWhenOpenedAgain() throws IOException {
        try (SegmentFetcher fetcher = fetcher(1 << 20)) {
            Segment segment = fetch(fetcher, attempt(1), 0);
            assertThat(contentOf(segment)).isEqualTo(contentOf(segment));

            outputs.remove(attempt(1));
            assertThatThrownBy(() -> contentOf(segment))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED))
                    .hasMessageContaining("does not hold the output of job/0-00001-0");
        }
    }

    @Test
    void whatTheHolderDoesNotHaveIsRefusedAndTheConnectionGoesOn() throws IOException {
        try (SegmentFetcher fetcher = fetcher(1 << 20)) {
            assertThatThrownBy(() -> fetch(fetcher, attempt(7), 0))
                    .isInstanceOfSatisfying(
                            SegmentFetchException.class,
                            e -> assertThat(e.producer()).isEqualTo(attempt(7)))
                    .hasMessage("output of job/0-00007-0, partition 0, on node worker#1 at " + server.address()
                            + ": this node does not hold the output of job/0-00007-0");
            assertThatThrownBy(() -> fetch(fetcher, attempt(0), 9))
                    .hasMessageContaining("has 3 partitions; asked for 9");
            assertThat(contentOf(fetch(fetcher, attempt(0), 0))).hasSizeGreaterThan(1000);
            assertThat(client.connections()).isEqualTo(1);
        }
    }

    @Test
    void theOneThatIsMissingAmongManyIsBlamed() throws IOException {
        List<Wanted> wanted = many(600);
        outputs.remove(attempt(577));
        try (SegmentFetcher fetcher = fetcher(10_000)) {
            assertThatThrownBy(() -> fetcher.fetch(wanted))
                    .isInstanceOfSatisfying(
                            SegmentFetchException.class,
                            e -> assertThat(e.producer()).isEqualTo(attempt(577)));
            awaitGivenBack(fetcher);
        }
    }

    @Test
    void aFileThatIsGoneIsBlamedOnItsProducer() throws IOException {
        List<Wanted> wanted = new ArrayList<>();
        for (int task = 0; task < 40; task++) {
            outputs.put(attempt(task), small(directory.resolve("out-" + task)));
            wanted.add(wanted(attempt(task), 0));
        }
        Files.delete(Objects.requireNonNull(output(attempt(23)).file()));
        try (SegmentFetcher fetcher = fetcher(1 << 20)) {
            assertThatThrownBy(() -> fetcher.fetch(wanted))
                    .isInstanceOfSatisfying(
                            SegmentFetchException.class,
                            e -> assertThat(e.producer()).isEqualTo(attempt(23)))
                    .hasMessageContaining("cannot be read")
                    .hasMessageContaining("out-23");
            assertThat(contentOf(fetch(fetcher, attempt(0), 0))).isNotEmpty();
            awaitGivenBack(fetcher);
        }
    }

    @Test
    void manySegmentsComeInOrderOverOneConnectionInFewRequestsAndFiles() throws IOException {
        List<Wanted> wanted = many(3000);
        AtomicInteger files = new AtomicInteger();
        try (SegmentFetcher fetcher = fetcher(2_000)) {
            List<Segment> segments = fetcher.fetch(wanted);
            files.set(filesOf(fetcherDirectory()).size());
            for (int task = 0; task < segments.size(); task++) {
                assertThat(contentOf(segments.get(task)))
                        .as("task %d", task)
                        .isEqualTo(contentOf(output(attempt(task)).segment(0)));
            }
            assertThat(files).as("one for each request").hasValue(6);
            assertThat(client.connections()).isEqualTo(1);
            assertThat(filesOf(fetcherDirectory())).isEmpty();
            assertThat(fetcher.memoryUsed()).isZero();
        }
    }

    @Test
    void segmentsOfSeveralNodesComeInTheOrderAskedFor() throws IOException {
        try (TransferServer other = startServer(0);
                SegmentFetcher fetcher = fetcher(1 << 20)) {
            List<Wanted> wanted = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                DataAddress at = i % 3 == 0 ? other.address() : server.address();
                wanted.add(new Wanted(new SegmentHolder(new NodeId("at " + at), at), attempt(i % 2), i / 10));
            }
            List<Segment> segments = fetcher.fetch(wanted);
            for (int i = 0; i < 20; i++) {
                assertThat(contentOf(segments.get(i)))
                        .as("segment %d", i)
                        .isEqualTo(contentOf(output(attempt(i % 2)).segment(i / 10)));
            }
            assertThat(client.connections()).isEqualTo(2);
        }
    }

    @Test
    void damageIsFoundByTheReader() throws IOException {
        Path file = Objects.requireNonNull(output(attempt(1)).file());
        byte[] bytes = Files.readAllBytes(file);
        bytes[100] ^= 1;
        Files.write(file, bytes);
        try (SegmentFetcher fetcher = fetcher(1 << 20)) {
            Segment segment = fetch(fetcher, attempt(1), 0);
            assertThatThrownBy(() -> contentOf(segment))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED))
                    .hasMessageContaining("does not match its checksum");
        }
    }

    @Test
    void aConnectionThatBreaksNowAndThenIsMadeAgain() throws IOException {
        List<Wanted> wanted = new ArrayList<>();
        try (Relay relay = new Relay(server.address());
                SegmentFetcher fetcher = fetcher(1 << 20)) {
            for (int i = 0; i < 50; i++) {
                wanted.add(new Wanted(new SegmentHolder(NODE, relay.address()), attempt(i % 2), i % 2));
            }
            // each connection lasts for a few segments
            relay.cutAfter(200_000);
            List<Segment> segments = fetcher.fetch(wanted);
            for (int i = 0; i < 50; i++) {
                assertThat(contentOf(segments.get(i)))
                        .isEqualTo(contentOf(output(attempt(i % 2)).segment(i % 2)));
            }
            assertThat(relay.connections()).isGreaterThan(2);
        }
    }

    @Test
    void aConnectionThatAlwaysBreaksIsBlamedOnTheProducer() throws IOException {
        try (Relay relay = new Relay(server.address());
                SegmentFetcher fetcher = fetcher(1 << 20)) {
            relay.cutAfter(2_000);
            Wanted wanted = new Wanted(new SegmentHolder(NODE, relay.address()), attempt(1), 1);
            assertThatThrownBy(() -> fetcher.fetch(List.of(wanted)))
                    .isInstanceOfSatisfying(
                            SegmentFetchException.class,
                            e -> assertThat(e.producer()).isEqualTo(attempt(1)))
                    .hasMessageContaining("partition 1, on node worker#1 at " + relay.address())
                    .hasMessageContaining("closed the connection");
            assertThat(relay.connections()).isEqualTo(4);
            awaitGivenBack(fetcher);
        }
    }

    @Test
    void bytesThatWereAlteredOnTheWayAreNoticed() throws IOException {
        try (Relay relay = new Relay(server.address());
                SegmentFetcher fetcher = fetcher(1 << 20)) {
            relay.alter(1_000);
            for (int task = 0; task < 2; task++) {
                Wanted wanted = new Wanted(new SegmentHolder(NODE, relay.address()), attempt(task), 0);
                assertThatThrownBy(
                                () -> contentOf(fetcher.fetch(List.of(wanted)).get(0)))
                        .as("task %d", task)
                        .hasMessageContaining("checksum")
                        .hasMessageContaining("worker#1 at " + relay.address());
            }
            awaitGivenBack(fetcher);
        }
    }

    @Test
    void bytesOfALargeFileThatWereAlteredOnTheWayAreFoundByTheReader() throws IOException {
        MapOutput large;
        try (RunWriter writer = RunWriter.toFile("large", 1, BLOCK_BYTES, false, directory.resolve("large"))) {
            byte[] value = new byte[1000];
            for (int i = 0; i < 300; i++) {
                writer.record(0, ByteBuffer.allocate(4).putInt(i).array(), 0, 4, value, 0, value.length);
            }
            large = writer.finish();
        }
        outputs.put(attempt(9), large);
        try (Relay relay = new Relay(server.address());
                SegmentFetcher fetcher = fetcher(1 << 20)) {
            relay.alter(200_000);
            Wanted wanted = new Wanted(new SegmentHolder(NODE, relay.address()), attempt(9), 0);
            Segment segment = fetcher.fetch(List.of(wanted)).get(0);
            assertThatThrownBy(() -> contentOf(segment))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED))
                    .hasMessageContaining("from node worker#1 at " + relay.address())
                    .hasMessageContaining("does not match its checksum");
        }
    }

    @Test
    void aServerThatWasStartedAgainIsFoundAgain() throws IOException {
        int port = server.address().port();
        try (SegmentFetcher fetcher = fetcher(1 << 20)) {
            assertThat(contentOf(fetch(fetcher, attempt(0), 0))).isNotEmpty();
            server.close();
            assertThatThrownBy(() -> fetch(fetcher, attempt(0), 0)).hasMessageContaining("cannot be reached");
            server = startServer(port);
            assertThat(contentOf(fetch(fetcher, attempt(0), 1))).isNotEmpty();
        }
    }

    @Test
    void aSilentHolderIsGivenUp() throws IOException {
        client.close();
        Duration brief = Duration.ofMillis(200);
        client = new TransferClient(
                TransferSecurity.PLAIN, TransferLimits.defaults().withTimes(brief, brief, brief, brief));
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                SegmentFetcher fetcher = fetcher(0)) {
            SegmentHolder holder = new SegmentHolder(NODE, new DataAddress(HOST, silent.getLocalPort()));
            assertThatThrownBy(() -> fetcher.fetch(List.of(new Wanted(holder, attempt(0), 0))))
                    .isInstanceOf(SegmentFetchException.class)
                    .hasMessageContaining("has not answered within 200 ms");
        }
    }

    @Test
    void anInterruptEndsAFetch() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                SegmentFetcher fetcher = fetcher(0)) {
            SegmentHolder holder = new SegmentHolder(NODE, new DataAddress(HOST, silent.getLocalPort()));
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                try {
                    fetcher.fetch(List.of(new Wanted(holder, attempt(0), 0)));
                } catch (IOException e) {
                    thrown.set(e);
                }
            });
            reader.start();
            try (Socket accepted = silent.accept()) {
                accepted.getInputStream().readNBytes(8);
                reader.interrupt();
                reader.join(TIMEOUT.toMillis());
            }
            assertThat(thrown.get()).isInstanceOf(ClosedByInterruptException.class);
        }
    }

    @Test
    void manyThreadsFetchAtOnce() throws Exception {
        byte[] expected = contentOf(output(attempt(1)).segment(1));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (SegmentFetcher fetcher = fetcher(64 << 10)) {
            List<Future<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(threads.submit(() -> contentOf(fetch(fetcher, attempt(1), 1))));
            }
            for (Future<byte[]> one : all) {
                assertThat(one.get()).isEqualTo(expected);
            }
            assertThat(fetcher.memoryUsed()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void namesThatAreNoneAreRefused() throws IOException {
        for (String name :
                List.of("", "job 0 0", "job 0 x 1.0", "job 0 0 1", "job 0 0 1.-1", "a/b 0 0 1.0", "job 0 0 1.0 ")) {
            assertThatThrownBy(() -> client.open(server.address(), SegmentSource.KIND, name))
                    .as("'%s'", name)
                    .hasMessageContaining("segments '" + name + "'; expected");
        }
    }

    /** Many outputs with one small segment, in memory and in files. */
    private List<Wanted> many(int count) throws IOException {
        List<Wanted> wanted = new ArrayList<>();
        MapOutput file = small(directory.resolve("small"));
        MapOutput memory = small(null);
        for (int task = 0; task < count; task++) {
            outputs.put(attempt(task), task % 2 == 0 ? memory : file);
            wanted.add(wanted(attempt(task), 0));
        }
        return wanted;
    }

    private static MapOutput small(@Nullable Path file) throws IOException {
        try (RunWriter writer = file == null
                ? RunWriter.toMemory("small", 1, BLOCK_BYTES, 1 << 10)
                : RunWriter.toFile("small", 1, BLOCK_BYTES, true, file)) {
            byte[] record = (file + "record").getBytes(StandardCharsets.UTF_8);
            writer.record(0, record, 0, record.length, record, 0, record.length);
            return writer.finish();
        }
    }

    /** Who cancels does not wait for those who fetch. */
    private void awaitGivenBack(SegmentFetcher fetcher) throws IOException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while ((fetcher.memoryUsed() > 0 || !filesOf(fetcherDirectory()).isEmpty()) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(fetcher.memoryUsed()).isZero();
        assertThat(filesOf(fetcherDirectory())).isEmpty();
        assertThat(client.reservedBytes()).isZero();
    }

    private TransferServer startServer(int port) {
        return TransferServer.start(
                new DataAddress(HOST, port),
                TransferSecurity.PLAIN,
                Map.of(SegmentSource.KIND, new SegmentSource(outputs::get)),
                Map.of());
    }

    private SegmentFetcher fetcher(long memoryBytes) {
        return new SegmentFetcher(client, memoryBytes, fetcherDirectory());
    }

    private Wanted wanted(AttemptId producer, int partition) {
        return new Wanted(new SegmentHolder(NODE, server.address()), producer, partition);
    }

    private Segment fetch(SegmentFetcher fetcher, AttemptId producer, int partition) throws IOException {
        return fetcher.fetch(List.of(wanted(producer, partition))).get(0);
    }

    private Path fetcherDirectory() {
        return directory.resolve("fetched");
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static AttemptId attempt(int task) {
        return new AttemptId(new TaskId(new JobId("job"), 0, task), 0);
    }

    private static MapOutput inMemory() throws IOException {
        try (RunWriter writer = RunWriter.toMemory("in memory", PARTITIONS, BLOCK_BYTES, 1 << 20)) {
            return fill(writer);
        }
    }

    private MapOutput inFile() throws IOException {
        Path file = directory.resolve("out");
        try (RunWriter writer = RunWriter.toFile("in a file", PARTITIONS, BLOCK_BYTES, true, file)) {
            return fill(writer);
        }
    }

    /** Two partitions with records, one empty. */
    private static MapOutput fill(RunWriter writer) throws IOException {
        for (int partition = 0; partition < 2; partition++) {
            for (int i = 0; i < 3000; i++) {
                byte[] key = ByteBuffer.allocate(4).putInt(i).array();
                byte[] value = ("value " + i * 7919 % 1000).getBytes(StandardCharsets.UTF_8);
                writer.record(partition, key, 0, key.length, value, 0, value.length);
            }
        }
        return writer.finish();
    }

    private static byte[] contentOf(Segment segment) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) segment.rawBytes());
        try (BlockReader blocks = segment.open(new BlockDecoder())) {
            while (blocks.next()) {
                content.put(blocks.array(), blocks.offset(), blocks.length());
            }
        }
        return content.array();
    }

    private MapOutput output(AttemptId attempt) {
        return Objects.requireNonNull(outputs.get(attempt));
    }
}
