package dev.sampo.internal.shuffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentFetchTest {
    private static final int PARTITIONS = 3;
    private static final int BLOCK_BYTES = 4096;
    private static final String HOST = "127.0.0.1";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Map<AttemptId, MapOutput> outputs = new ConcurrentHashMap<>();

    @TempDir
    Path directory = Path.of("");

    private SegmentServer server = startServer(0);

    @BeforeEach
    void holdOutputs() throws IOException {
        outputs.put(attempt(0), inMemory());
        outputs.put(attempt(1), inFile());
    }

    @AfterEach
    void stopServer() {
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
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("this node does not hold the output of job/0-00007-0");
            assertThatThrownBy(() -> fetch(fetcher, attempt(0), 9))
                    .hasMessageContaining("has 3 partitions; asked for 9");
            assertThat(contentOf(fetch(fetcher, attempt(0), 0))).hasSizeGreaterThan(1000);
        }
    }

    @Test
    void aFileThatIsGoneIsRefused() throws IOException {
        MapOutput output = output(attempt(1));
        Files.delete(output.file());
        try (SegmentFetcher fetcher = fetcher(1 << 20)) {
            assertThatThrownBy(() -> fetch(fetcher, attempt(1), 0)).hasMessageContaining("cannot be opened");
            assertThat(contentOf(fetch(fetcher, attempt(0), 0))).isNotEmpty();
        }
    }

    @Test
    void damageIsFoundByTheReader() throws IOException {
        Path file = output(attempt(1)).file();
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
    void aServerThatWasStartedAgainIsFoundAgain() throws IOException {
        int port = server.port();
        try (SegmentFetcher fetcher = fetcher(1 << 20)) {
            assertThat(contentOf(fetch(fetcher, attempt(0), 0))).isNotEmpty();
            server.close();
            assertThatThrownBy(() -> fetcher.fetch(HOST, port, attempt(0), 0))
                    .hasMessageContaining("cannot be reached");
            server = startServer(port);
            assertThat(contentOf(fetch(fetcher, attempt(0), 1))).isNotEmpty();
            server.close();
            server = startServer(port);
            assertThat(contentOf(fetch(fetcher, attempt(0), 1)))
                    .as("over the connection that died")
                    .isNotEmpty();
        }
    }

    @Test
    void aSilentHolderIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                SegmentFetcher fetcher = new SegmentFetcher(0, fetcherDirectory(), Duration.ofMillis(200))) {
            assertThatThrownBy(() -> fetcher.fetch(HOST, silent.getLocalPort(), attempt(0), 0))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void anInterruptEndsAFetch() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                SegmentFetcher fetcher = fetcher(0)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread reader = new Thread(() -> {
                try {
                    fetcher.fetch(HOST, silent.getLocalPort(), attempt(0), 0);
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
    void strangersAreCutOff() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
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

    private SegmentServer startServer(int port) {
        return SegmentServer.start(HOST, port, outputs::get);
    }

    private SegmentFetcher fetcher(long memoryBytes) {
        return new SegmentFetcher(memoryBytes, fetcherDirectory(), TIMEOUT);
    }

    private Segment fetch(SegmentFetcher fetcher, AttemptId producer, int partition) throws IOException {
        return fetcher.fetch(HOST, server.port(), producer, partition);
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
