package dev.sampo.internal.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.schedule.SchedulerEvent;
import dev.sampo.internal.schedule.SchedulerEvent.NodeExcluded;
import dev.sampo.spi.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

final class OutputSightTest {
    private static final CoordinatorEpoch EPOCH = new CoordinatorEpoch(7);
    private static final JobId JOB = new JobId("job");
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");
    private static final SchedulerEvent.PlanReady READY =
            new SchedulerEvent.PlanReady(new AttemptId(new TaskId(JOB, 0, 0), 0), List.of());

    private final TestInbox<NodeProtocol.Wire> second = TestInbox.create("second");
    private final TestInbox<NodeProtocol.Wire> third = TestInbox.create("third");
    private final Map<NodeId, ActorRef<NodeProtocol.Wire>> agents =
            Map.of(N1, TestInbox.<NodeProtocol.Wire>create("first").getRef(), N2, second.getRef(), N3, third.getRef());
    private final ActorRef<TaskProtocol.Wire> job =
            TestInbox.<TaskProtocol.Wire>create("job").getRef();
    private final OutputSight sight = new OutputSight("file:/out/", EPOCH, job);

    @Test
    void aJobOnTheNodeThatPlannedItStartsAtOnce() {
        sight.begin(READY, N1);
        assertThat(sight.start(Set.of(N1), false)).containsExactly(READY);
        assertThat(sight.start(Set.of(N1), true)).as("told twice").isEmpty();
    }

    @Test
    void everyOtherNodeIsAskedUntilItAnswers() {
        sight.begin(READY, N1);
        sight.ask(agents);
        assertThat(second.getAllReceived())
                .containsExactly(new NodeProtocol.ProbeOutput(EPOCH, READY.attempt(), "file:/out/", job));
        assertThat(sight.start(agents.keySet(), false)).isEmpty();
        assertThat(answer(N2, "")).isTrue();
        sight.ask(agents);
        assertThat(second.hasMessages()).isFalse();
        assertThat(third.getAllReceived()).hasSize(2);
        assertThat(answer(N3, "")).isTrue();
        assertThat(sight.start(agents.keySet(), false)).containsExactly(READY);
    }

    @Test
    void aNodeThatDoesNotSeeTheDirectoryRefusesTheJobByName() {
        sight.begin(READY, N1);
        assertThat(answer(N2, "does not see /out")).isFalse();
        assertThat(answer(N3, "")).isTrue();
        List<SchedulerEvent> events = sight.start(agents.keySet(), false);
        assertThat(events).singleElement().isInstanceOfSatisfying(SchedulerEvent.FailRequested.class, failed -> {
            assertThat(failed.report().code()).isEqualTo(ErrorCode.OUTPUT_NOT_SHARED);
            assertThat(failed.report().message())
                    .contains("file:/out/", "node n2 does not see /out")
                    .doesNotContain("n3");
        });
    }

    @Test
    void aNodeThatDoesNotAnswerInTimeGetsNoAttemptUntilItDoes() {
        sight.begin(READY, N1);
        answer(N2, "");
        assertThat(sight.start(agents.keySet(), true)).containsExactly(new NodeExcluded(N3), READY);
        assertThat(answer(N3, "")).as("admitted").isTrue();
        assertThat(sight.exclude(agents.keySet())).isEmpty();
    }

    @Test
    void aNodeThatJoinsLaterIsKeptOutUntilItHasAnswered() {
        sight.begin(READY, N1);
        sight.start(Set.of(N1), false);
        assertThat(sight.exclude(Set.of(N1, N2))).containsExactly(new NodeExcluded(N2));
        assertThat(answer(N2, "does not see /out")).isFalse();
        assertThat(sight.start(Set.of(N1, N2), true)).as("the job runs already").isEmpty();
    }

    @Test
    void aNodeThatIsGoneRefusesNothing() {
        sight.begin(READY, N1);
        answer(N2, "does not see /out");
        sight.gone(N2);
        assertThat(sight.start(Set.of(N1), false)).containsExactly(READY);
    }

    private boolean answer(NodeId node, String problem) {
        return sight.answered(new TaskProtocol.OutputProbed(EPOCH, JOB, node, problem));
    }
}
