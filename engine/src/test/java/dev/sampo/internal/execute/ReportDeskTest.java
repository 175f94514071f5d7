package dev.sampo.internal.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.protocol.NodeProtocol.Order;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.protocol.TaskProtocol.AttemptOfJob;
import dev.sampo.internal.protocol.TaskProtocol.AttemptReports;
import dev.sampo.spi.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class ReportDeskTest {
    private static final JobId JOB = new JobId("job-1");
    private static final NodeId NODE = new NodeId("node-1");
    private static final CoordinatorEpoch EPOCH = new CoordinatorEpoch(7);

    private final TestInbox<TaskProtocol.Wire> job = TestInbox.create();
    private int reminders;
    private final ReportDesk desk = new ReportDesk(NODE, () -> reminders++);

    private Order order(int index, CoordinatorEpoch epoch) {
        return new Order(epoch, new AttemptId(new TaskId(JOB, 2, index), 0), 1, "job", "map", 100, job.getRef());
    }

    private Order order(int index) {
        return order(index, EPOCH);
    }

    private static Outcome.Held held() {
        return new Outcome.Held(TaskCounters.NONE, 10, 1_000);
    }

    private List<AttemptReports> sent() {
        return job.getAllReceived().stream().map(AttemptReports.class::cast).toList();
    }

    @Test
    void theLastAttemptOfASlotIsReportedAtOnce() {
        desk.held(order(0), held(), 0);

        assertThat(sent()).singleElement().satisfies(reports -> {
            assertThat(reports.epoch()).isEqualTo(EPOCH);
            assertThat(reports.job()).isEqualTo(JOB);
            assertThat(reports.node()).isEqualTo(NODE);
            assertThat(reports.held())
                    .containsExactly(
                            new TaskProtocol.HeldReport(new AttemptOfJob(2, 0, 0), TaskCounters.NONE, 10, 1_000));
        });
    }

    @Test
    void reportsAreCollectedUntilTheSlotIsHalfDone() {
        for (int index = 0; index < 8; index++) {
            desk.started(order(index));
        }
        for (int index = 0; index < 3; index++) {
            desk.held(order(index), held(), 7 - index);
        }
        assertThat(sent()).isEmpty();
        assertThat(reminders).as("nothing waits for ever").isEqualTo(11);

        desk.held(order(3), held(), 4);

        assertThat(sent()).singleElement().satisfies(reports -> {
            assertThat(reports.started()).hasSize(8);
            assertThat(reports.held()).hasSize(4);
        });
        desk.flush();
        assertThat(sent()).as("nothing is sent twice").isEmpty();
    }

    @Test
    void aFailureIsReportedAtOnceWithWhatWasCollectedBefore() {
        desk.started(order(0));
        desk.started(order(1));
        desk.handedBack(order(1));
        FailureReport failure = FailureReport.of(FailureKind.USER_CODE, ErrorCode.USER_CODE_FAILED, "boom");
        desk.failed(EPOCH, order(0).attempt(), failure, job.getRef());

        assertThat(sent()).singleElement().satisfies(reports -> {
            assertThat(reports.started()).hasSize(2);
            assertThat(reports.handedBack()).containsExactly(new AttemptOfJob(2, 1, 0));
            assertThat(reports.failed())
                    .containsExactly(new TaskProtocol.FailedReport(new AttemptOfJob(2, 0, 0), failure));
        });
    }

    @Test
    void ordersOfAnotherEpochAreAnsweredApart() {
        desk.started(order(0));
        desk.started(order(1, new CoordinatorEpoch(8)));
        desk.flush();

        assertThat(sent()).extracting(AttemptReports::epoch).containsExactly(EPOCH, new CoordinatorEpoch(8));
    }

    @Test
    void aMessageIsBounded() {
        for (int index = 0; index < 200; index++) {
            desk.started(order(index));
        }
        assertThat(sent()).hasSize(3).allMatch(reports -> reports.started().size() == 64);

        TreeMap<String, Long> counters = new TreeMap<>();
        for (int name = 0; name < 1_000; name++) {
            counters.put("counter-" + name, 1L);
        }
        TaskCounters many = new TaskCounters(0, 0, 0, 0, 0, 0, 0, 0, Map.copyOf(counters));
        desk.held(order(0), new Outcome.Held(many, 0, 0), 50);
        desk.held(order(1), new Outcome.Held(many, 0, 0), 50);
        assertThat(sent()).as("so many counters").hasSize(1);
    }
}
