package dev.sampo.internal.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.DataAddress;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TransferTest {
    private static final DataAddress ANY_PORT = new DataAddress("127.0.0.1", 0);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final TransferLimits LIMITS = TransferLimits.defaults();

    private final Map<String, Content> held = new ConcurrentHashMap<>();
    private final CountDownLatch released = new CountDownLatch(1);

    @TempDir
    Path directory = Path.of("");

    private TransferServer server = start(ANY_PORT, LIMITS);
    private TransferClient client = new TransferClient(TransferSecurity.PLAIN, LIMITS);

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private TransferServer start(DataAddress bind, TransferLimits limits) {
        return TransferServer.start(
                bind,
                TransferSecurity.PLAIN,
                limits,
                Map.of("thing", held::get),
                Map.of(
                        "echo",
                        payload -> payload,
                        "refuse",
                        payload -> {
                            throw new SampoException(ErrorCode.JOB_UNKNOWN, "no such job");
                        },
                        "large",
                        payload -> new byte[TransferLimits.LARGEST_NOTICE + 1]));
    }

    private void limits(TransferLimits limits) {
        client.close();
        client = new TransferClient(TransferSecurity.PLAIN, limits);
    }

    private byte[] read(String name) throws IOException {
        try (InputStream in = client.open(server.address(), "thing", name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    @Test
    void bytesInMemoryArrive() throws IOException {
        for (int size : new int[] {0, 1, 4096, 65_536, 65_537, 3_000_000}) {
            held.put("m", Content.of(random(size)));
            assertThat(read("m")).as("%d bytes", size).isEqualTo(random(size));
        }
        assertThat(client.connections()).isEqualTo(1);
        assertThat(client.reservedBytes()).isZero();
    }

    @Test
    void bytesOfFilesArrive() throws IOException {
        byte[] bytes = random(5_000_000);
        Path file = Files.write(directory.resolve("f"), bytes);
        int[][] ranges = {{0, 5_000_000}, {17, 1000}, {100_000, 40_000}, {4_999_999, 1}, {5_000_000, 0}};
        for (int[] range : ranges) {
            held.put("f", Content.ofFile(file, range[0], range[1]));
            assertThat(read("f"))
                    .as("%d bytes from %d", range[1], range[0])
                    .isEqualTo(ByteBuffer.allocate(range[1])
                            .put(bytes, range[0], range[1])
                            .array());
        }
    }

    @Test
    void piecesArriveInOrder() throws IOException {
        byte[] bytes = random(300_000);
        Path file = Files.write(directory.resolve("f"), bytes);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Content.Piece> pieces = new ArrayList<>();
        ByteBuffer expected = ByteBuffer.allocate(64 << 20);
        for (int i = 0; i < 200; i++) {
            int length = random.nextInt(random.nextBoolean() ? 100 : 200_000);
            int offset = random.nextInt(300_000 - length);
            expected.put(bytes, offset, length);
            pieces.add(
                    random.nextBoolean()
                            ? new Content.FilePart(file, offset, length)
                            : new Content.Memory(ByteBuffer.wrap(bytes, offset, length)));
        }
        held.put("p", Content.of(pieces));
        ByteBuffer all = expected.flip();
        assertThat(ByteBuffer.wrap(read("p"))).as("seed %d", seed).isEqualTo(all);
    }

    @Test
    void lengthIsKnownWhenAStreamIsOpen() throws IOException {
        held.put("m", Content.of(random(100)));
        try (TransferStream in = client.open(server.address(), "thing", "m")) {
            assertThat(in.length()).isEqualTo(100);
        }
    }

    @Test
    void unknownNamesAndKindsAreTold() throws IOException {
        assertThatThrownBy(() -> read("nothing"))
                .isInstanceOfSatisfying(TransferException.class, e -> {
                    assertThat(e.isAnswered()).isTrue();
                    assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED);
                })
                .hasMessageContaining(server.address() + ": this node does not have thing nothing");
        assertThatThrownBy(() -> client.open(server.address(), "other", "x"))
                .hasMessageContaining("no bytes of kind \"other\"; expected one of [thing]");
        assertThatThrownBy(() -> client.post(server.address(), "other", new byte[0]))
                .hasMessageContaining("no notices of kind \"other\"");
        assertThat(client.connections()).as("connection stays").isEqualTo(1);
        assertThat(client.reservedBytes()).isZero();
    }

    @Test
    void aFileThatIsGoneOrTooShortIsToldAndTheConnectionStays() throws IOException {
        held.put("gone", Content.ofFile(directory.resolve("gone"), 0, 10));
        Path file = Files.write(directory.resolve("short"), random(100_000));
        held.put("short", Content.ofFile(file, 0, 200_000));
        held.put("good", Content.of(random(10)));
        assertThatThrownBy(() -> read("gone"))
                .hasMessageContaining("cannot be read")
                .hasMessageContaining("gone");
        assertThatThrownBy(() -> read("short")).hasMessageContaining("has 100000 bytes; expected 200000");
        assertThat(read("good")).hasSize(10);
        assertThat(client.connections()).isEqualTo(1);
    }

    @Test
    void aStreamThatNobodyReadsDoesNotHoldUpOthers() throws IOException {
        held.put("big", Content.ofFile(Files.write(directory.resolve("f"), random(20_000_000)), 0, 20_000_000));
        held.put("big in memory", Content.of(random(20_000_000)));
        try (InputStream slow = client.open(server.address(), "thing", "big");
                InputStream slow2 = client.open(server.address(), "thing", "big in memory")) {
            for (int i = 0; i < 3; i++) {
                assertThat(read("big")).isEqualTo(random(20_000_000));
            }
            assertThat(client.connections()).isEqualTo(1);
            assertThat(slow.available()).as("a window").isLessThanOrEqualTo(LIMITS.windowBytes());
            assertThat(slow.readAllBytes()).isEqualTo(random(20_000_000));
            assertThat(slow2.readAllBytes()).isEqualTo(random(20_000_000));
        }
    }

    @Test
    void closingEarlyEndsTheSending() throws Exception {
        held.put("big", Content.of(random(20_000_000)).whenReleased(released::countDown));
        held.put("small", Content.of(random(10)));
        try (InputStream in = client.open(server.address(), "thing", "big")) {
            assertThat(in.read()).isNotNegative();
        }
        assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(read("small")).hasSize(10);
        assertThat(client.connections()).isEqualTo(1);
    }

    @Test
    void contentIsReleasedWhenItWasSentAndWhenTheConnectionBreaks() throws Exception {
        held.put("m", Content.of(random(1000)).whenReleased(released::countDown));
        assertThat(read("m")).hasSize(1000);
        assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();

        CountDownLatch second = new CountDownLatch(1);
        held.put("big", Content.of(random(20_000_000)).whenReleased(second::countDown));
        InputStream in = client.open(server.address(), "thing", "big");
        assertThat(in.read()).isNotNegative();
        client.close();
        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(in::readAllBytes).hasMessageContaining("closed");
    }

    @Test
    void aServerThatEndsIsNoticedAtOnceAndFoundAgain() throws IOException {
        held.put("big", Content.of(random(20_000_000)));
        DataAddress address = server.address();
        try (InputStream in = client.open(address, "thing", "big")) {
            server.close();
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOfSatisfying(
                            TransferException.class,
                            e -> assertThat(e.isAnswered()).isFalse())
                    .hasMessageContaining(address.toString());
        }
        assertThatThrownBy(() -> client.open(address, "thing", "big"))
                .hasMessageContaining("data port " + address + " cannot be reached");
        server = start(address, LIMITS);
        assertThat(read("big")).hasSize(20_000_000);
        server.close();
        server = start(address, LIMITS);
        assertThat(read("big")).as("over a connection that died").hasSize(20_000_000);
    }

    @Test
    void noticesAreAnswered() throws IOException {
        for (int size : new int[] {0, 5, TransferLimits.LARGEST_NOTICE}) {
            assertThat(client.post(server.address(), "echo", random(size))).isEqualTo(random(size));
        }
        assertThatThrownBy(() -> client.post(server.address(), "refuse", "x".getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        TransferException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_UNKNOWN))
                .hasMessageContaining("no such job");
        assertThatThrownBy(() -> client.post(server.address(), "large", new byte[0]))
                .hasMessageContaining("65537 bytes; expected at most 65536");
        assertThatThrownBy(() -> client.post(server.address(), "echo", new byte[TransferLimits.LARGEST_NOTICE + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyThreadsReadAtOnceWithinTheBudget() throws Exception {
        limits(LIMITS.withMemory(256 << 10, 64 << 10));
        held.put("m", Content.of(random(1_000_000)));
        held.put("f", Content.ofFile(Files.write(directory.resolve("f"), random(1_000_000)), 0, 1_000_000));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < 128; i++) {
                String name = i % 2 == 0 ? "m" : "f";
                all.add(threads.submit(() -> {
                    try (InputStream in = client.open(server.address(), "thing", name)) {
                        assertThat(client.reservedBytes()).isLessThanOrEqualTo(256 << 10);
                        return in.readAllBytes();
                    }
                }));
            }
            for (Future<byte[]> one : all) {
                assertThat(one.get()).isEqualTo(random(1_000_000));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(client.reservedBytes()).isZero();
        assertThat(client.connections()).isEqualTo(1);
    }

    @Test
    void openingWaitsForTheBudgetAndGivesUp() throws IOException {
        limits(LIMITS.withMemory(4 << 10, 4 << 10).withTimes(SHORT, SHORT, SHORT, SHORT));
        held.put("m", Content.of(random(1_000_000)));
        try (InputStream first = client.open(server.address(), "thing", "m")) {
            assertThat(first.read()).isNotNegative();
            assertThatThrownBy(() -> client.open(server.address(), "thing", "m"))
                    .hasMessageContaining("4096 bytes for streams were in use for 300 ms");
        }
        assertThat(read("m")).hasSize(1_000_000);
    }

    @Test
    void anInterruptEndsARead() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try (TransferServer slow = TransferServer.start(
                ANY_PORT,
                TransferSecurity.PLAIN,
                Map.of("thing", name -> {
                    asked.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException closing) {
                        throw new IOException(closing);
                    }
                    return null;
                }),
                Map.of())) {
            Future<InputStream> opening = reader.submit(() -> client.open(slow.address(), "thing", "x"));
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            reader.shutdownNow();
            assertThatThrownBy(opening::get).hasCauseInstanceOf(ClosedByInterruptException.class);
            assertThat(client.reservedBytes()).isZero();
        }
    }

    @Test
    void anIdleConnectionIsClosedByItsClient() throws Exception {
        limits(LIMITS.withTimes(LIMITS.connect(), LIMITS.answer(), LIMITS.progress(), Duration.ofMillis(50)));
        held.put("m", Content.of(random(10)));
        assertThat(read("m")).hasSize(10);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (server.connections() > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(server.connections()).isZero();
        assertThat(read("m")).hasSize(10);
    }

    @Test
    void aReaderThatTakesItsTimeKeepsItsConnection() throws Exception {
        server.close();
        TransferLimits hasty =
                LIMITS.withTimes(LIMITS.connect(), LIMITS.answer(), LIMITS.progress(), Duration.ofMillis(500));
        server = start(ANY_PORT, hasty);
        limits(hasty);
        held.put("m", Content.of(random(3_000_000)));
        try (InputStream in = client.open(server.address(), "thing", "m")) {
            // longer than the server keeps a connection that says nothing
            assertThat(new CountDownLatch(1).await(2, TimeUnit.SECONDS)).isFalse();
            assertThat(in.readAllBytes()).isEqualTo(random(3_000_000));
        }
    }
}
