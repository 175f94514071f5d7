package dev.sampo.internal.execute;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Shared;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducers;
import dev.sampo.internal.blob.BlobLimits;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.blob.BlobTransfer;
import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.config.EngineConfig;
import dev.sampo.internal.config.EngineSettings;
import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.observe.Meters;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.shuffle.SegmentStore;
import dev.sampo.internal.shuffle.ShuffleSettings;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.ReadOptions;
import dev.sampo.spi.Split;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Follows the failure of a task through the supervision tree: thrown by user code on its thread, thrown again in the
 * attempt's actor, heard of by the node agent as the failure of its child, and told to the job coordinator, which is a
 * probe here.
 */
class SupervisionTest {
    private static final CoordinatorEpoch EPOCH = new CoordinatorEpoch(7);
    private static final JobId JOB = new JobId("job-1");
    private static final AttemptId ATTEMPT = new AttemptId(new TaskId(JOB, 2, 0), 3);
    private static final NodeId NODE = new NodeId("node-1");
    private static final List<Long> NUMBERS = List.of(10L, 11L, 12L);

    private final ActorTestKit kit = ActorTestKit.create();
    private final TestProbe<ClusterProtocol.Wire> cluster = kit.createTestProbe();
    private final TestProbe<TaskProtocol.Wire> job = kit.createTestProbe();
    private final Shared shared = new Shared();
    private final UserThreads threads = new UserThreads("supervision", 1);

    @TempDir
    Path folder;

    private NodeServices services;

    @BeforeEach
    void makeServices() {
        ShuffleSettings shuffle = new ShuffleSettings(4096, 10, true);
        services = new NodeServices(
                EngineSettings.from(EngineConfig.load(ConfigFactory.parseString("sampo.task.interrupt-grace = 100ms"))),
                shuffle,
                1 << 20,
                "test",
                Codecs.registry(),
                new SegmentStore(shuffle, 1 << 20, folder.resolve("segments")),
                wanted -> {
                    throw new IOException("no other node");
                },
                (seed, attempt, part, file) -> {
                    throw new IOException("no seed");
                },
                threads,
                BlobTransfer.alone(new BlobStore(folder.resolve("blobs"), new BlobLimits(1 << 20, 1 << 20))),
                new JobClassLoaders(),
                new OutputClaims(),
                folder.resolve("temp"),
                new Meters(new SimpleMeterRegistry()),
                FaultPoints.NONE,
                InstantSource.system(),
                new ReignMemory());
    }

    @AfterEach
    void endThreads() throws InterruptedException {
        shared.close();
        kit.shutdownTestKit();
        threads.close();
        assertThat(threads.awaitEnd(5_000)).isTrue();
        services.segments().close();
    }

    private JobSpec<Long, Long> spec(Mapper<Long, Long, Long> mapper) {
        return JobSpec.named("numbers")
                .read(MemoryInput.of(Codecs.LONG, NUMBERS))
                .map(Long.class, Long.class, mapper)
                .reduce(Long.class, Long.class, Reducers.identity())
                .writeTo(TextOutput.to(folder.resolve("out")));
    }

    private JobPackager packed(Mapper<Long, Long, Long> mapper) {
        JobSpec<Long, Long> spec = spec(mapper);
        OutputSink<? super Long, ? super Long> sink = spec.sink();
        assertThat(sink).isNotNull();
        return JobPackager.pack(spec, sink, services.settings(), services.codecs());
    }

    private NodeProtocol.LaunchMapAttempt launch() {
        Split split = MemoryInput.of(Codecs.LONG, NUMBERS)
                .splits(new ReadOptions(1 << 20, 1 << 20))
                .get(0);
        NodeProtocol.Order order = new NodeProtocol.Order(EPOCH, ATTEMPT, 1, "numbers", "map", 1, job.getRef());
        return new NodeProtocol.LaunchMapAttempt(order, 0, split, 1, List.of());
    }

    private static Mapper<Long, Long, Long> failingAtEleven() {
        return (n, out) -> {
            if (n == 11) {
                throw new IllegalStateException("eleven");
            }
            out.emit(n, n);
        };
    }

    private static void assertIsTheFailure(FailureReport report) {
        assertThat(report.kind()).isEqualTo(FailureKind.RECORD);
        assertThat(report.code()).isEqualTo(ErrorCode.USER_CODE_FAILED);
        assertThat(report.message()).contains("java.lang.IllegalStateException: eleven");
        assertThat(report.stackTrace()).contains("IllegalStateException: eleven", "SupervisionTest");
        assertThat(report.path()).isEqualTo("memory");
        assertThat(report.offset()).isEqualTo(1);
    }

    @Test
    void theFailureIsThrownInTheActorOfTheAttemptAndReachesItsParentAsChildFailed() {
        TestProbe<Throwable> causes = kit.createTestProbe();
        TestProbe<AttemptRunner.Report> reports = kit.createTestProbe();
        JobFunctions functions = new JobFunctions(
                JOB,
                packed(failingAtEleven()).definition(),
                services.loaders(),
                services.blobs().store());
        NodeProtocol.LaunchMapAttempt launch = launch();
        Behavior<Void> parent = Behaviors.setup(context -> {
            ActorRef<AttemptRunner.Command> runner = context.spawn(
                    AttemptRunner.create(
                            new AttemptScope(launch.order(), functions, services),
                            JobsOnNode.workOf(launch),
                            reports.getRef()),
                    "attempt");
            context.watch(runner);
            return Behaviors.receive(Void.class)
                    .onSignal(ChildFailed.class, failed -> {
                        causes.getRef().tell(failed.getCause());
                        return Behaviors.same();
                    })
                    .build();
        });
        kit.spawn(parent);

        Throwable cause = causes.receiveMessage();
        assertThat(cause).isInstanceOfSatisfying(AttemptFailedException.class, e -> assertIsTheFailure(e.report()));
        reports.expectNoMessage();
    }

    /** Starts an agent and launches the attempt on it, up to the word that it runs. */
    private ActorRef<NodeProtocol.Command> agent(Mapper<Long, Long, Long> mapper) {
        NodeFacts facts = new NodeFacts(NODE, "here", 1, 1, 1L << 20, Map.of(), DataAddress.NONE);
        ActorRef<NodeProtocol.Command> agent = kit.spawn(
                NodeAgent.create(() -> facts, services, cluster.getRef(), () -> true, () -> {}, (life, data) -> {}));
        assertThat(cluster.expectMessageClass(ClusterProtocol.RegisterNode.class)
                        .node())
                .isEqualTo(facts);
        agent.tell(new NodeProtocol.NodeRegistered(EPOCH, DataAddress.NONE, List.of()));
        agent.tell(launch());
        assertThat(job.expectMessageClass(TaskProtocol.DefinitionWanted.class).job())
                .isEqualTo(JOB);
        agent.tell(new NodeProtocol.JobDefined(EPOCH, JOB, packed(mapper).definition()));
        return agent;
    }

    /** Waits for the word that the attempt failed, and that it had started; both may come in one message or in two. */
    private FailureReport awaitFailure() {
        List<TaskProtocol.AttemptOfJob> started = new ArrayList<>();
        while (true) {
            TaskProtocol.AttemptReports reports = job.expectMessageClass(TaskProtocol.AttemptReports.class);
            assertThat(reports.epoch()).isEqualTo(EPOCH);
            assertThat(reports.job()).isEqualTo(JOB);
            assertThat(reports.node()).isEqualTo(NODE);
            started.addAll(reports.started());
            if (!reports.failed().isEmpty()) {
                assertThat(started).containsExactly(TaskProtocol.AttemptOfJob.without(ATTEMPT));
                assertThat(reports.failed()).hasSize(1);
                TaskProtocol.FailedReport failed = reports.failed().get(0);
                assertThat(failed.attempt().in(JOB)).isEqualTo(ATTEMPT);
                return failed.failure();
            }
        }
    }

    @Test
    void aCommitThatWasDoneBeforeItCouldBeCanceledIsReportedAsDone() throws Exception {
        TestProbe<AttemptRunner.Report> reports = kit.createTestProbe();
        Outcome visible = new Outcome.Committed(List.of());
        AttemptWork commit = scope -> {
            shared.open("committing");
            shared.awaitStubbornly("canceled");
            return visible;
        };
        JobFunctions functions = new JobFunctions(
                JOB,
                packed((n, out) -> out.emit(n, n)).definition(),
                services.loaders(),
                services.blobs().store());
        AttemptScope scope = new AttemptScope(launch().order(), functions, services);
        ActorRef<AttemptRunner.Command> runner = kit.spawn(AttemptRunner.create(scope, commit, reports.getRef()));
        shared.await("committing");
        runner.tell(new AttemptRunner.Cancel("the job was canceled"));
        shared.open("canceled");

        reports.expectMessage(new AttemptRunner.Finished(ATTEMPT, visible));
        reports.expectTerminated(runner);
    }

    @Test
    void theAgentTellsTheJobCoordinatorAndGoesOn() {
        ActorRef<NodeProtocol.Command> agent = agent(failingAtEleven());

        assertIsTheFailure(awaitFailure());
        assertThat(services.segments().held()).isEmpty();

        agent.tell(launch());
        assertIsTheFailure(awaitFailure());
    }

    @Test
    void anAttemptThatIgnoresItsInterruptIsReportedAsALostSlotAndItsOutputIsDropped() throws Exception {
        Shared gates = shared;
        ActorRef<NodeProtocol.Command> agent = agent((n, out) -> {
            gates.open("stuck");
            gates.awaitStubbornly("end of the test");
            out.emit(n, n);
        });
        shared.await("stuck");
        agent.tell(new NodeProtocol.CancelAttempt(EPOCH, ATTEMPT, "the test wants it", job.getRef()));

        assertThat(job.expectMessageClass(TaskProtocol.AttemptReports.class).started())
                .containsExactly(TaskProtocol.AttemptOfJob.without(ATTEMPT));
        job.expectMessage(new TaskProtocol.SlotLost(EPOCH, ATTEMPT, NODE));
        TaskProtocol.AttemptReports failed = job.expectMessageClass(TaskProtocol.AttemptReports.class);
        assertThat(failed.failed())
                .extracting(report -> report.failure().kind())
                .containsExactly(FailureKind.PLAN);
        agent.tell(launch());
        assertThat(job.expectMessageClass(TaskProtocol.AttemptRefused.class).reason())
                .contains("has no slot free");
        shared.open("end of the test");
        threads.close();
        assertThat(threads.awaitEnd(5_000)).isTrue();
        assertThat(services.segments().held()).isEmpty();
    }

    @Test
    void attemptsThatWaitForASlowOneInTheirSlotAreHandedBack() throws Exception {
        Shared gates = shared;
        ActorRef<NodeProtocol.Command> agent = agent((n, out) -> {
            gates.open("first");
            gates.await("go on");
            out.emit(n, n);
        });
        shared.await("first");
        List<NodeProtocol.LaunchMapAttempt> launches = new ArrayList<>();
        for (int index = 1; index < 4; index++) {
            NodeProtocol.Order order = new NodeProtocol.Order(
                    EPOCH, new AttemptId(new TaskId(JOB, 2, index), 0), 1, "numbers", "map", 4, job.getRef());
            launches.add(new NodeProtocol.LaunchMapAttempt(order, 0, launch().split(), 1, List.of()));
        }

        agent.tell(NodeProtocol.LaunchMapAttempts.of(launches));

        List<TaskProtocol.AttemptOfJob> handedBack = new ArrayList<>();
        while (handedBack.size() < 3) {
            TaskProtocol.AttemptReports reports = job.expectMessageClass(TaskProtocol.AttemptReports.class);
            handedBack.addAll(reports.handedBack());
            assertThat(reports.failed()).isEmpty();
            assertThat(reports.held()).isEmpty();
        }
        assertThat(handedBack).extracting(TaskProtocol.AttemptOfJob::index).containsExactlyInAnyOrder(1, 2, 3);
        shared.open("go on");
        assertThat(job.expectMessageClass(TaskProtocol.AttemptReports.class).held())
                .extracting(held -> held.attempt().in(JOB))
                .containsExactly(ATTEMPT);
        agent.tell(NodeProtocol.LaunchMapAttempts.of(launches));
        int held = 0;
        while (held < 3) {
            TaskProtocol.AttemptReports reports = job.expectMessageClass(TaskProtocol.AttemptReports.class);
            held += reports.held().size();
            assertThat(reports.handedBack()).isEmpty();
        }
    }
}
