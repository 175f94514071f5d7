package dev.sampo.internal.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.BlobRef.BlobKind;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
    private static final JobId JOB = new JobId("job-1");
    private static final JobId OTHER = new JobId("job-2");
    private static final BlobLimits LIMITS = new BlobLimits(1_000, 2_000);

    @TempDir
    Path folder = Path.of("");

    private Path directory() {
        return folder.resolve("blobs");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static BlobRef blob(String text) {
        return blob(bytes(text));
    }

    private static BlobRef blob(byte[] bytes) {
        String digest = HexFormat.of().formatHex(BlobStore.sha256().digest(bytes));
        return new BlobRef(digest, bytes.length, BlobKind.JAR, "some.jar");
    }

    private static void put(BlobStore store, JobId job, String text) {
        store.put(job, blob(text), new ByteArrayInputStream(bytes(text)));
    }

    private List<Path> files() throws IOException {
        if (!Files.exists(directory())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory())) {
            return files.toList();
        }
    }

    @Test
    void keepsABlobUntilTheLastJobLetsGo() throws IOException {
        BlobStore store = new BlobStore(directory(), LIMITS);
        put(store, JOB, "hello");
        assertThat(store.retain(OTHER, List.of(blob("hello"), blob("unknown")))).containsExactly(blob("unknown"));
        assertThat(store.find(blob("hello").digest()))
                .get()
                .extracting(BlobStoreTest::text)
                .isEqualTo("hello");

        store.release(JOB);
        assertThat(files()).hasSize(1);
        store.release(OTHER);
        assertThat(files()).isEmpty();
        assertThat(store.find(blob("hello").digest())).isEmpty();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesBytesThatAreNotThoseOfTheDigest() throws IOException {
        BlobStore store = new BlobStore(directory(), LIMITS);
        for (String wrong : List.of("hellp", "hell", "hello!")) {
            assertThatThrownBy(() -> store.put(JOB, blob("hello"), new ByteArrayInputStream(bytes(wrong))))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED))
                    .hasMessageContaining("some.jar")
                    .hasMessageContaining("changed at its source or on the way");
            assertThat(files()).isEmpty();
        }
        put(store, JOB, "hello");
        assertThat(files()).hasSize(1);
    }

    @Test
    void refusesWhatIsOverTheLimits() throws IOException {
        BlobStore store = new BlobStore(directory(), LIMITS);
        assertThatThrownBy(() -> put(store, JOB, "x".repeat(1_001)))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_INVALID))
                .hasMessageContaining("expected at most 1000 bytes (sampo.ship.max-blob-size)");
        put(store, JOB, "a".repeat(900));
        put(store, JOB, "b".repeat(900));
        assertThatThrownBy(() -> put(store, OTHER, "c".repeat(900)))
                .hasMessageContaining("no room beside 1800 bytes of others")
                .hasMessageContaining("sampo.ship.max-store-size");
        store.release(JOB);
        put(store, OTHER, "c".repeat(900));
        assertThat(files()).hasSize(1);
    }

    @Test
    void aFullDiskIsAnErrorAndLeavesNothing() throws IOException {
        BlobStore store = new BlobStore(directory(), LIMITS, file -> new OutputStream() {
            private final OutputStream real = Files.newOutputStream(file);

            @Override
            public void write(int b) throws IOException {
                real.write(b);
                throw new IOException("No space left on device");
            }

            @Override
            public void close() throws IOException {
                real.close();
            }
        });
        assertThatThrownBy(() -> put(store, JOB, "hello"))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SPILL_FAILED))
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("sampo.temp-dir");
        assertThat(files()).isEmpty();
        assertThat(store.retain(JOB, List.of(blob("hello")))).hasSize(1);
    }

    @Test
    void whatAFormerProcessLeftIsDeleted() throws IOException {
        put(new BlobStore(directory(), LIMITS), JOB, "hello");
        Files.writeString(directory().resolve("unfinished.part"), "hel");
        BlobStore store = new BlobStore(directory(), LIMITS);
        assertThat(files()).isEmpty();
        assertThat(store.find(blob("hello").digest())).isEmpty();
    }

    @Test
    void severalThatBringTheSameBlobAreOne() throws Exception {
        BlobStore store = new BlobStore(directory(), LIMITS);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        InputStream slow = new ByteArrayInputStream(bytes("hello")) {
            @Override
            public synchronized int read(byte[] into, int from, int length) {
                reading.countDown();
                try {
                    if (!goOn.await(20, TimeUnit.SECONDS)) {
                        throw new AssertionError("nobody lets it go on");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.read(into, from, length);
            }
        };
        InputStream unread = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("the second one is not read");
            }

            @Override
            public int read(byte[] into, int from, int length) {
                throw new AssertionError("the second one is not read");
            }
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> first = threads.submit(() -> store.put(JOB, blob("hello"), slow));
            reading.await();
            Future<?> second = threads.submit(() -> store.put(OTHER, blob("hello"), unread));
            assertThat(store.find(blob("hello").digest()))
                    .as("half a blob is not found")
                    .isEmpty();
            goOn.countDown();
            first.get(20, TimeUnit.SECONDS);
            second.get(20, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
        store.release(JOB);
        assertThat(files()).hasSize(1);
        store.release(OTHER);
        assertThat(files()).isEmpty();
    }

    @Test
    void closingDeletesEverything() {
        BlobStore store = new BlobStore(directory(), LIMITS);
        put(store, JOB, "hello");
        store.close();
        assertThat(directory()).doesNotExist();
    }
}
