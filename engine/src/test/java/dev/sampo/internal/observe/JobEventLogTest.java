package dev.sampo.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sampo.api.JobState;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.spi.ErrorCode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept, and what gives way. */
class JobEventLogTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final NodeId NODE = new NodeId("node-1");

    private final JobEventLog log = new JobEventLog(InstantSource.fixed(NOW), 3, 2);

    @Test
    void keepsTheLatestEventsOfAJobInOrder() {
        JobId job = new JobId("a");
        for (int i = 0; i < 5; i++) {
            log.record(new JobEvent.AttemptStarted(attempt(job, i), NODE));
        }

        assertThat(log.events(job))
                .extracting(JobEventLog.Entry::event)
                .containsExactly(
                        new JobEvent.AttemptStarted(attempt(job, 2), NODE),
                        new JobEvent.AttemptStarted(attempt(job, 3), NODE),
                        new JobEvent.AttemptStarted(attempt(job, 4), NODE));
        assertThat(log.events(job)).extracting(JobEventLog.Entry::at).containsOnly(NOW);
    }

    @Test
    void theJobThatHasBeenSilentLongestGivesWay() {
        log.record(new JobEvent.JobSubmitted(new JobId("a"), "first"));
        log.record(new JobEvent.JobSubmitted(new JobId("b"), "second"));
        log.record(new JobEvent.JobStateChanged(new JobId("a"), JobState.QUEUED, JobState.RUNNING));
        log.record(new JobEvent.JobSubmitted(new JobId("c"), "third"));

        assertThat(log.events(new JobId("a"))).hasSize(2);
        assertThat(log.events(new JobId("b"))).isEmpty();
        assertThat(log.events(new JobId("c"))).hasSize(1);
    }

    @Test
    void eventsOfNodesAreKeptApart() {
        log.record(new JobEvent.NodeJoined(NODE, 4));
        log.record(new JobEvent.NodeLost(NODE, "unreachable for 10 s"));

        assertThat(log.nodeEvents())
                .extracting(entry -> entry.event().describe())
                .containsExactly("node-1 joined with 4 slots", "node-1 lost: unreachable for 10 s");
    }

    @Test
    void aForgottenJobIsGone() {
        JobId job = new JobId("a");
        log.record(new JobEvent.JobSubmitted(job, "first"));
        log.forget(job);

        assertThat(log.events(job)).isEmpty();
    }

    @Test
    void linesBeginWithTheIds() {
        AttemptId attempt = attempt(new JobId("a"), 7);
        List<JobEvent> events = List.of(
                new JobEvent.JobSubmitted(attempt.task().job(), "words"),
                new JobEvent.AttemptLaunched(attempt, NODE, false),
                new JobEvent.AttemptSucceeded(attempt, NODE, 10, 200),
                new JobEvent.AttemptFailed(attempt, NODE, FailureKind.RECORD, ErrorCode.INPUT_CORRUPT, "bad"),
                new JobEvent.NodeSetAside(attempt.task().job(), NODE),
                new JobEvent.SlotLost(attempt, NODE));

        assertThat(events)
                .extracting(JobEvent::describe)
                .containsExactly(
                        "a submitted: words",
                        "a/1-00007-0 launched on node-1, away from home",
                        "a/1-00007-0 succeeded on node-1: 10 records, 200 bytes",
                        "a/1-00007-0 failed on node-1: RECORD, INPUT_CORRUPT: bad",
                        "a keeps away from node-1 for a while",
                        "a/1-00007-0 holds a slot of node-1 and does not end; the slot is lost until the node restarts");
        assertThat(events).extracting(JobEvent::isWarning).containsExactly(false, false, false, true, true, true);
    }

    @Test
    void refusesToKeepNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JobEventLog(InstantSource.fixed(NOW), 0, 1))
                .withMessage("0 events per job, 1 jobs; expected at least 1 of each");
    }

    private static AttemptId attempt(JobId job, int index) {
        return new AttemptId(new TaskId(job, 1, index), 0);
    }
}
