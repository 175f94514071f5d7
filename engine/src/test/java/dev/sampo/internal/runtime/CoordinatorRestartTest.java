package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sampo.api.Emitter;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducers;
import dev.sampo.api.TaskContext;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reign that ends by a defect leaves to the next. */
final class CoordinatorRestartTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int RECORDS = 24;

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void closeGate() {
        Gate.STARTED.set(0);
        Gate.PERMITS.drainPermits();
    }

    @Test
    void nodesRegisterAgainAndAJobEndsRightAfterADefectInTheCoordinator() throws Exception {
        try (ClusterInOneJvm cluster = new ClusterInOneJvm(directory, 2, 1)) {
            JobHandle<Integer, Long> job = cluster.client().submit(job());
            Gate.PERMITS.release(5);
            await().atMost(LIMIT).until(() -> Gate.STARTED.get() == 7);
            assertThat(cluster.registrations()).isEqualTo(2);

            ClusterInOneJvm.coordinator(cluster.seed()).tell(defective());

            await().atMost(LIMIT).until(() -> cluster.registrations() == 4);
            Gate.PERMITS.release(1_000_000);
            try (JobResult<Integer, Long> result = job.await()) {
                assertThat(result.counters().stage("map").tasks()).isEqualTo(RECORDS);
                assertThat(result.counters().stage("map").recordsIn()).isEqualTo(RECORDS);
            }
            assertThat(Gate.STARTED.get()).as("the next reign began anew").isGreaterThanOrEqualTo(RECORDS + 7);
            List<String> lines = new ArrayList<>();
            for (String part : List.of("part-00000", "part-00001")) {
                lines.addAll(Files.readAllLines(directory.resolve("out").resolve(part)));
            }
            assertThat(lines)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, RECORDS)
                            .mapToObj(record -> record + "\t1")
                            .toList());
        }
    }

    @Test
    void aNodeThatHasServedAHigherEpochIsGivenAnotherYetHigher() throws Exception {
        try (ClusterInOneJvm cluster = new ClusterInOneJvm(directory, 1, 1)) {
            BlockingQueue<NodeProtocol.Wire> received = new LinkedBlockingQueue<>();
            ActorSystem<?> node = cluster.worker(0).system();
            ActorRef<NodeProtocol.Wire> agent = node.systemActorOf(
                    Behaviors.receive(NodeProtocol.Wire.class)
                            .onMessage(NodeProtocol.Wire.class, message -> {
                                received.add(message);
                                return Behaviors.same();
                            })
                            .build(),
                    "traveller",
                    Props.empty());
            ActorRef<ClusterProtocol.Command> coordinator = ClusterInOneJvm.coordinator(cluster.worker(0));
            await().atMost(LIMIT).until(() -> cluster.registrations() == 1);
            coordinator.tell(offer(agent, new CoordinatorEpoch(0)));
            CoordinatorEpoch first = registered(received).epoch();
            CoordinatorEpoch served = new CoordinatorEpoch(first.value() + 1_000_000);

            coordinator.tell(offer(agent, served));

            await().atMost(LIMIT).until(() -> cluster.registrations() == 2);
            coordinator.tell(offer(agent, served));
            assertThat(registered(received).epoch().value()).isGreaterThan(served.value());
        }
    }

    private static NodeProtocol.NodeRegistered registered(BlockingQueue<NodeProtocol.Wire> received)
            throws InterruptedException {
        NodeProtocol.Wire message = received.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).isInstanceOf(NodeProtocol.NodeRegistered.class);
        return (NodeProtocol.NodeRegistered) message;
    }

    private static ClusterProtocol.RegisterNode offer(ActorRef<NodeProtocol.Wire> agent, CoordinatorEpoch served) {
        NodeFacts facts =
                new NodeFacts(new NodeId("elsewhere:1#1"), "elsewhere:1", 1, 1, 0, Map.of(), DataAddress.NONE);
        return new ClusterProtocol.RegisterNode(facts, agent, served, List.of());
    }

    /** A message that no node can send: it makes its handler throw. */
    @SuppressWarnings("NullAway")
    private static ClusterProtocol.Command defective() {
        return new ClusterProtocol.RenewLeases(null, null, List.of(), List.of(), 0, null);
    }

    private JobSpec<Integer, Long> job() {
        return JobSpec.named("restart")
                .read(MemoryInput.of(IntStream.range(0, RECORDS).boxed().toList()))
                .map(Integer.class, Long.class, new Gated())
                .partitions(2)
                .reduce(Integer.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(directory.resolve("out")))
                .withSplitBytes(1)
                .withoutSpeculation();
    }

    /** Shared by the nodes and the test, which are in one JVM. */
    private static final class Gate {
        static final AtomicInteger STARTED = new AtomicInteger();
        static final Semaphore PERMITS = new Semaphore(0, true);

        private Gate() {}
    }

    private static final class Gated implements Mapper<Integer, Integer, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public void open(TaskContext context) {
            Gate.STARTED.incrementAndGet();
        }

        @Override
        public void map(Integer record, Emitter<Integer, Long> out) throws Exception {
            Gate.PERMITS.acquire();
            out.emit(record, 1L);
        }
    }
}
