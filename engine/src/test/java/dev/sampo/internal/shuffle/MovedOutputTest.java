package dev.sampo.internal.shuffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.transfer.TransferClient;
import dev.sampo.internal.transfer.TransferLimits;
import dev.sampo.internal.transfer.TransferSecurity;
import dev.sampo.internal.transfer.TransferServer;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovedOutputTest {
    private static final int PARTITIONS = 5;
    private static final AttemptId MEMORY = new AttemptId(new TaskId(new JobId("job"), 0, 0), 2);
    private static final AttemptId FILE = new AttemptId(new TaskId(new JobId("job"), 0, 1), 0);

    private final ShuffleSettings settings = new ShuffleSettings(4096, 10, true);

    @TempDir
    Path directory = Path.of("");

    private SegmentStore from;
    private SegmentStore to;
    private TransferServer server;
    private TransferClient client;

    @BeforeEach
    void start() throws IOException {
        from = new SegmentStore(settings, 10 << 20, directory.resolve("from"));
        to = new SegmentStore(settings, 10 << 20, directory.resolve("to"));
        server = TransferServer.start(
                new DataAddress("127.0.0.1", 0),
                TransferSecurity.PLAIN,
                Map.of(OutputSource.KIND, new OutputSource(from::find)),
                Map.of());
        client = new TransferClient(TransferSecurity.PLAIN, TransferLimits.defaults());
        try (RunWriter writer = RunWriter.toMemory("m", PARTITIONS, 4096, 10 << 20)) {
            from.put(MEMORY, fill(writer));
        }
        try (RunWriter writer = RunWriter.toFile("f", PARTITIONS, 4096, true, directory.resolve("f"))) {
            from.put(FILE, fill(writer));
        }
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        from.close();
        to.close();
    }

    @Test
    void anotherNodeTakesOverWholeOutputs() throws IOException {
        for (AttemptId id : new AttemptId[] {MEMORY, FILE}) {
            try (InputStream in = client.open(server.address(), OutputSource.KIND, OutputSource.name(id))) {
                assertThat(to.adopt(id, in)).isTrue();
            }
            MapOutput moved = Objects.requireNonNull(to.find(id));
            MapOutput held = Objects.requireNonNull(from.find(id));
            assertThat(moved.partitions()).isEqualTo(PARTITIONS);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                Segment segment = moved.segment(partition);
                assertThat(segment.records()).isEqualTo(held.segment(partition).records());
                assertThat(segment.largestRecord())
                        .isEqualTo(held.segment(partition).largestRecord());
                assertThat(contentOf(segment)).isEqualTo(contentOf(held.segment(partition)));
            }
        }
        assertThat(to.held()).containsExactly(MEMORY, FILE);
    }

    @Test
    void aFileThatMovedIsTheSameFile() throws IOException {
        try (InputStream in = client.open(server.address(), OutputSource.KIND, OutputSource.name(FILE))) {
            to.adopt(FILE, in);
        }
        assertThat(Objects.requireNonNull(Objects.requireNonNull(to.find(FILE)).file()))
                .hasSameBinaryContentAs(Objects.requireNonNull(
                        Objects.requireNonNull(from.find(FILE)).file()));
    }

    @Test
    void whatIsHeldAlreadyIsNotReadAgain() throws IOException {
        assertThat(from.adopt(FILE, InputStream.nullInputStream())).isFalse();
    }

    @Test
    void anyByteThatDiffersIsFoundAndNothingIsLeft() throws IOException {
        byte[] sent = sent(FILE);
        for (int at = 0; at < sent.length; at += at < 400 ? 1 : 997) {
            byte[] altered = sent.clone();
            altered[at] ^= 0x10;
            int place = at;
            assertThatThrownBy(() -> to.adopt(FILE, new ByteArrayInputStream(altered)))
                    .as("byte %d", place)
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED));
        }
        assertNothingIsLeft();
    }

    @Test
    void whatIsTooShortOrTooLongIsRefused() throws IOException {
        byte[] sent = sent(FILE);
        for (int length : new int[] {0, 11, 50, sent.length - 1, sent.length + 1}) {
            assertThatThrownBy(() -> to.adopt(FILE, new ByteArrayInputStream(Arrays.copyOf(sent, length))))
                    .as("%d bytes", length)
                    .isInstanceOfAny(SampoException.class, EOFException.class);
        }
        assertNothingIsLeft();
    }

    @Test
    void whatIsNotThereIsTold() {
        AttemptId none = new AttemptId(new TaskId(new JobId("job"), 7, 7), 7);
        assertThatThrownBy(() -> client.open(server.address(), OutputSource.KIND, OutputSource.name(none)))
                .hasMessageContaining("this node does not have output job 7 7.7");
        assertThatThrownBy(() -> client.open(server.address(), OutputSource.KIND, "../../etc"))
                .hasMessageContaining("expected");
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(to.held()).isEmpty();
        if (Files.exists(directory.resolve("to"))) {
            try (Stream<Path> files = Files.walk(directory.resolve("to"))) {
                assertThat(files.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    private byte[] sent(AttemptId id) throws IOException {
        try (InputStream in = client.open(server.address(), OutputSource.KIND, OutputSource.name(id))) {
            return in.readAllBytes();
        }
    }

    /** The last partition and one in between are empty. */
    private static MapOutput fill(RunWriter writer) throws IOException {
        for (int partition : new int[] {0, 1, 3}) {
            for (int i = 0; i < 3000; i++) {
                byte[] key = ByteBuffer.allocate(8).putInt(i).putInt(i * 7919).array();
                writer.record(partition, key, 0, key.length, key, 4, 4);
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
}
