package dev.sampo.internal.shuffle;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.security.NodeTls;
import dev.sampo.internal.security.TestAuthority;
import dev.sampo.internal.transfer.Content;
import dev.sampo.internal.transfer.TransferClient;
import dev.sampo.internal.transfer.TransferLimits;
import dev.sampo.internal.transfer.TransferSecurity;
import dev.sampo.internal.transfer.TransferServer;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * How fast the data port is on loopback, and what many segments take. Run by hand, with a folder that has 1 GiB free:
 * {@code java -cp ... dev.sampo.internal.shuffle.DataPortBenchmark FOLDER}. Server and client are in one JVM, so the CPU
 * time is that of both.
 */
final class DataPortBenchmark {
    private static final int FILE_BYTES = 1 << 30;
    private static final int MEMORY_BYTES = 256 << 20;
    private static final int MAPS = 10_000;
    private static final int ROUNDS = 3;

    private final Path folder;

    private DataPortBenchmark(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        DataPortBenchmark benchmark = new DataPortBenchmark(Path.of(arguments[0]));
        NodeTls tls = NodeTls.load(
                new TestAuthority(benchmark.folder.resolve("ca"), "ca").node("one", "127.0.0.1"),
                InstantSource.system());
        benchmark.streams("plain", TransferSecurity.PLAIN);
        benchmark.streams("TLS", TransferSecurity.tls(tls::nodeServer, tls::nodeClient));
        benchmark.segments(64 << 20);
        benchmark.segments(0);
    }

    private void streams(String security, TransferSecurity with) throws IOException {
        Path file = folder.resolve("bytes");
        byte[] memory = new byte[MEMORY_BYTES];
        new Random(1).nextBytes(memory);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int written = 0; written < FILE_BYTES; written += memory.length) {
                out.write(memory);
            }
        }
        Map<String, Content> held = Map.of("file", Content.ofFile(file, 0, FILE_BYTES), "memory", Content.of(memory));
        try (TransferServer server = TransferServer.start(
                        new DataAddress("127.0.0.1", 0), with, Map.of("thing", held::get), Map.of());
                TransferClient client = new TransferClient(with, TransferLimits.defaults())) {
            byte[] buffer = new byte[256 << 10];
            for (String name : List.of("file", "memory")) {
                for (int round = 1; round <= ROUNDS; round++) {
                    Measure measure = new Measure();
                    long bytes = 0;
                    try (InputStream in = client.open(server.address(), "thing", name)) {
                        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                            bytes += count;
                        }
                    }
                    measure.print(security + ", " + name + ", round " + round, bytes);
                }
            }
        }
        Files.delete(file);
    }

    /** One reduce attempt that reads 10,000 small segments. */
    private void segments(long memoryBytes) throws IOException {
        Path file = folder.resolve("out");
        MapOutput output;
        try (RunWriter writer = RunWriter.toFile("out", 1, 64 << 10, true, file)) {
            Random random = new Random(2);
            byte[] value = new byte[100];
            for (int i = 0; i < 200; i++) {
                random.nextBytes(value);
                writer.record(0, ByteBuffer.allocate(4).putInt(i).array(), 0, 4, value, 0, value.length);
            }
            output = writer.finish();
        }
        try (TransferServer server = TransferServer.start(
                        new DataAddress("127.0.0.1", 0),
                        TransferSecurity.PLAIN,
                        Map.of(SegmentSource.KIND, new SegmentSource(id -> output)),
                        Map.of());
                TransferClient client = new TransferClient(TransferSecurity.PLAIN, TransferLimits.defaults());
                SegmentFetcher fetcher = new SegmentFetcher(client, memoryBytes, folder.resolve("fetched"))) {
            List<SegmentFetcher.Wanted> wanted = new ArrayList<>();
            for (int task = 0; task < MAPS; task++) {
                wanted.add(new SegmentFetcher.Wanted(
                        new SegmentHolder(new NodeId("one"), server.address()),
                        new AttemptId(new TaskId(new JobId("job"), 0, task), 0),
                        0));
            }
            for (int round = 1; round <= ROUNDS; round++) {
                Measure measure = new Measure();
                List<Segment> segments = fetcher.fetch(wanted);
                long bytes = segments.stream().mapToLong(Segment::storedBytes).sum();
                measure.print(
                        MAPS + " segments, " + (memoryBytes >> 20) + " MiB for them, round " + round + ", "
                                + fetcher.memoryUsed() / 1024 + " KiB of heap used",
                        bytes);
                BlockDecoder decoder = new BlockDecoder();
                for (Segment segment : segments) {
                    try (BlockReader blocks = segment.open(decoder)) {
                        while (blocks.next()) {
                            bytes += blocks.length();
                        }
                    }
                }
            }
        }
        Files.delete(file);
    }

    /** Time and CPU from its creation. */
    private static final class Measure {
        private final long start = System.nanoTime();
        private final long cpu = cpuNanos();

        private static long cpuNanos() {
            return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                    .getProcessCpuTime();
        }

        void print(String what, long bytes) {
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuSeconds = (cpuNanos() - cpu) / 1e9;
            double gigabytes = bytes / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.0f MB/s, %.2f CPU s/GB, %.3f s, Netty's buffers %d KiB%n",
                    what,
                    bytes / 1e6 / seconds,
                    cpuSeconds / gigabytes,
                    seconds,
                    PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() / 1024);
        }
    }
}
