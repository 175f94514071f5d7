package dev.sampo.internal.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.sampo.internal.blob.BlobLimits;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.config.EngineConfig;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.BlobRef.BlobKind;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.observe.Meters;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.shuffle.SegmentStore;
import dev.sampo.internal.shuffle.ShuffleSettings;
import dev.sampo.io.Codecs;
import dev.sampo.spi.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a node gets the blobs of a job, with holders that die, lie, or have no disk left. */
class BlobFetcherTest {
    private static final CoordinatorEpoch EPOCH = new CoordinatorEpoch(7);
    private static final JobId JOB = new JobId("job-1");
    private static final DataAddress HERE = new DataAddress("here", 1);
    private static final DataAddress FIRST = new DataAddress("first", 1);
    private static final DataAddress SECOND = new DataAddress("second", 1);
    private static final BlobRef BLOB = blob("hello");

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<TaskProtocol.Wire> job = kit.createTestProbe();
    private final TestProbe<NodeProtocol.Wire> agent = kit.createTestProbe();
    private final TestProbe<BlobFetcher.Gathered> gathered = kit.createTestProbe();
    private final UserThreads threads = new UserThreads("fetcher", 1);
    private final Map<DataAddress, String> holders = new ConcurrentHashMap<>();

    @TempDir
    Path folder = Path.of("");

    private BlobTransfer blobs;
    private SegmentStore segments;
    private ActorRef<BlobFetcher.Command> fetcher;

    private static BlobRef blob(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new BlobRef(
                HexFormat.of().formatHex(BlobStore.sha256().digest(bytes)), bytes.length, BlobKind.BROADCAST, "some");
    }

    @BeforeEach
    void start() {
        start(new BlobLimits(100, 1_000));
    }

    private void start(BlobLimits limits) {
        blobs = new BlobTransfer(new BlobStore(folder.resolve("blobs"), limits), () -> HERE, (holder, digest) -> {
            String text = holders.get(holder);
            if (text == null) {
                throw new IOException("connection refused");
            }
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        });
        ShuffleSettings shuffle = new ShuffleSettings(4096, 10, true);
        segments = new SegmentStore(shuffle, 1 << 20, folder.resolve("segments"));
        NodeServices services = new NodeServices(
                EngineSettings.from(EngineConfig.load(ConfigFactory.empty())),
                shuffle,
                1 << 20,
                "test",
                Codecs.registry(),
                segments,
                wanted -> {
                    throw new IOException("no other node");
                },
                (seed, attempt, part, file) -> {
                    throw new IOException("no seed");
                },
                threads,
                blobs,
                new JobClassLoaders(),
                new OutputClaims(),
                folder.resolve("temp"),
                new Meters(new SimpleMeterRegistry()),
                FaultPoints.NONE,
                InstantSource.system(),
                new ReignMemory());
        fetcher = kit.spawn(BlobFetcher.create(services, agent.getRef(), gathered.getRef()));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        blobs.close();
        segments.close();
        threads.close();
    }

    private void gather() {
        JobDefinition definition = new JobDefinition(List.of(), List.of(), new byte[0], 1, List.of(BLOB));
        fetcher.tell(new BlobFetcher.Gather(EPOCH, JOB, definition, job.getRef()));
        job.expectMessage(new TaskProtocol.BlobWanted(EPOCH, JOB, BLOB.digest(), HERE, agent.getRef()));
    }

    private void turn(DataAddress holder) {
        fetcher.tell(new BlobFetcher.TakeFrom(new NodeProtocol.BlobFrom(EPOCH, JOB, BLOB.digest(), holder)));
    }

    private TaskProtocol.BlobMissed missed() {
        return (TaskProtocol.BlobMissed) job.fishForMessage(
                        java.time.Duration.ofSeconds(10),
                        message -> message instanceof TaskProtocol.BlobMissed
                                ? org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.complete()
                                : org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.continueAndIgnore())
                .get(0);
    }

    @Test
    void anotherHolderIsAskedForWhenOneIsGoneOrHasOtherBytes() {
        gather();
        turn(FIRST);
        TaskProtocol.BlobMissed gone = missed();
        assertThat(gone.holder()).isEqualTo(FIRST);
        assertThat(gone.reason()).contains("connection refused");
        holders.put(FIRST, "hellp");
        turn(FIRST);
        assertThat(missed().reason()).contains("changed at its source or on the way");
        holders.put(SECOND, "hello");
        turn(SECOND);
        assertThat(gathered.receiveMessage().failure()).isNull();
        assertThat(blobs.store().find(BLOB.digest())).isPresent();
        blobs.store().release(JOB);
        assertThat(blobs.store().find(BLOB.digest())).isEmpty();
    }

    @Test
    void aWishIsRepeatedUntilItIsHeard() {
        gather();
        job.expectMessage(new TaskProtocol.BlobWanted(EPOCH, JOB, BLOB.digest(), HERE, agent.getRef()));
    }

    @Test
    void theAttemptsGoElsewhereForNothingWhenNoHolderCanGiveIt() {
        gather();
        for (int miss = 0; miss < 5; miss++) {
            turn(FIRST);
            missed();
        }
        assertThat(gathered.receiveMessage().failure()).isNotNull().satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.NODE);
            assertThat(failure.kind().isCharged()).isFalse();
            assertThat(failure.message()).contains("connection refused");
        });
    }

    @Test
    void aDiskWithoutRoomIsTheNodesFault() throws IOException {
        fetcher.tell(new BlobFetcher.Drop(JOB));
        start(new BlobLimits(100, 3));
        holders.put(FIRST, "hello");
        gather();
        turn(FIRST);
        assertThat(gathered.receiveMessage().failure()).isNotNull().satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.RESOURCE);
            assertThat(failure.code()).isEqualTo(ErrorCode.SPILL_FAILED);
            assertThat(failure.message()).contains("sampo.ship.max-store-size");
        });
        Path directory = folder.resolve("blobs");
        if (Files.exists(directory)) {
            try (var files = Files.list(directory)) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Test
    void whatComesForAJobThatHasEndedIsLetGo() {
        holders.put(FIRST, "hello");
        gather();
        fetcher.tell(new BlobFetcher.Drop(JOB));
        turn(FIRST);
        gathered.expectNoMessage();
        assertThat(blobs.store().find(BLOB.digest())).isEmpty();
    }
}
