package dev.sampo.internal.schedule;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.StageKind;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.plan.ExecutionPlan;
import dev.sampo.spi.ErrorCode;
import java.util.concurrent.TimeUnit;

/**
 * Applies the {@link RetryPolicy}: charges tasks for their failures, blames producers for outputs that cannot be
 * fetched, and gives the job up when a task has used up its attempts.
 */
final class Failures {
    private final JobCourse course;
    private final JobLedger ledger;
    private final StageFlow flow;
    private final AttemptControl attempts;
    private final Deadlines deadlines;
    private final RetryPolicy policy;
    private final JobReach reach;
    private final NodesAside aside;

    Failures(
            JobCourse course,
            JobLedger ledger,
            StageFlow flow,
            AttemptControl attempts,
            Deadlines deadlines,
            RetryPolicy policy,
            JobReach reach,
            NodesAside aside) {
        this.course = course;
        this.ledger = ledger;
        this.flow = flow;
        this.attempts = attempts;
        this.deadlines = deadlines;
        this.policy = policy;
        this.reach = reach;
        this.aside = aside;
    }

    /** Starts the time limit of an attempt that runs. */
    void watch(Attempt attempt, Turn turn) {
        long limit = course.plan().outline().attemptTimeLimitMillis();
        if (limit > 0 && isLimited(attempt)) {
            deadlines.add(turn.nowNanos + TimeUnit.MILLISECONDS.toNanos(limit), Deadlines.Kind.TIME_LIMIT, attempt);
        }
    }

    /** The limit is one for the job's functions: listing a large input, or making many parts visible, is none of them. */
    private boolean isLimited(Attempt attempt) {
        StageKind kind = ledger.stageOf(attempt.task).stage.kind();
        return kind != StageKind.PLAN && kind != StageKind.COMMIT;
    }

    /** Stops and charges an attempt that ran for longer than it may. */
    void timedOut(Attempt attempt, Turn turn) {
        long limit = course.plan().outline().attemptTimeLimitMillis();
        FailureReport report = FailureReport.of(
                FailureKind.USER_CODE,
                ErrorCode.ATTEMPT_TIMED_OUT,
                "it ran longer than its time limit of " + limit + " ms");
        attempts.avoid(attempt.task, attempt.node(), turn);
        attempts.stop(attempt, report.message(), turn);
        charge(attempt, report, turn);
    }

    /** Judges the failure of an attempt that has ended, or was told to stop. */
    void charge(Attempt attempt, FailureReport report, Turn turn) {
        Task task = attempt.task;
        ledger.stageOf(task).failedAttempts++;
        FailureReport fair = withoutImpossibleProducer(task, report);
        AttemptId producer = fair.producer();
        switch (policy.judge(fair, task.charged, reach.hasUntriedNode(task))) {
            case RETRY_FREE -> {}
            case RETRY_ELSEWHERE -> reach.miss(attempt, fair);
            case REST_NODE -> aside.diskFull(attempt.node(), turn);
            case RETRY_CHARGED -> task.charged++;
            case BLAME_PRODUCER -> {
                if (producer != null) {
                    blame(attempt, producer, fair, turn);
                }
            }
            case FAIL_JOB -> {
                task.charged += fair.kind().isCharged() ? 1 : 0;
                failJob(attempt.id, attempt.node(), task, fair, turn);
            }
        }
    }

    /** Gives the job up when no node can reach the input of one of its tasks. */
    void failWhereInputIsOutOfReach(Turn turn) {
        reach.unreachable().ifPresent(found -> {
            Attempt last = found.last();
            last.task.charged++;
            failJob(last.id, last.node(), last.task, found.report(), turn);
        });
    }

    /** A producer that is not a task of the stage before cannot be to blame: the report is taken as naming none. */
    private FailureReport withoutImpossibleProducer(Task reader, FailureReport report) {
        AttemptId producer = report.producer();
        if (producer == null) {
            return report;
        }
        TaskId maker = producer.task();
        if (maker.stage() == reader.id.stage() - 1
                && maker.stage() >= ExecutionPlan.MAP_STAGE
                && ledger.task(maker) != null) {
            return report;
        }
        return new FailureReport(
                report.kind(),
                report.code(),
                report.message(),
                report.stackTrace(),
                report.path(),
                report.offset(),
                null);
    }

    /** Drops the output that could not be fetched, unless that has happened already, and has it made again. */
    private void blame(Attempt reader, AttemptId producer, FailureReport report, Turn turn) {
        Task maker = ledger.task(producer.task());
        HeldOutput output = maker == null ? null : maker.output;
        if (maker == null || output == null || !output.attempt().equals(producer)) {
            return;
        }
        if (maker.movedAt > reader.movesKnown) {
            return; // it looked where the output was before
        }
        turn.decide(new Decision.DiscardOutput(producer, output.node()));
        attempts.avoid(maker, output.node(), turn);
        flow.loseOutput(maker);
        maker.fetchFailures++;
        if (policy.chargesProducer(maker.fetchFailures)) {
            maker.charged++;
            if (policy.isSpent(maker.charged)) {
                failJob(producer, output.node(), maker, report, turn);
            }
        }
    }

    private void failJob(AttemptId id, NodeId node, Task task, FailureReport report, Turn turn) {
        JobOutline outline = course.plan().outline();
        String stage = ledger.stageOf(task).stage.name();
        // What went wrong first: for most errors that is all a user needs.
        String message = report.message() + " [" + stage + " task " + task.id.index() + " of job " + outline.name()
                + ", "
                + task.charged + (task.charged == 1 ? " failure" : " failures") + " (limit " + outline.maxAttempts()
                + "), last attempt " + id.number() + " on node " + node + "]";
        course.giveUp(
                new Decision.JobFailed(
                        new FailureReport(
                                report.kind(),
                                report.code(),
                                message,
                                report.stackTrace(),
                                report.path(),
                                report.offset(),
                                report.producer()),
                        id),
                turn);
    }
}
