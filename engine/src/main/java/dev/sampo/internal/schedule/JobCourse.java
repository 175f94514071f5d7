package dev.sampo.internal.schedule;

import dev.sampo.api.JobState;
import dev.sampo.api.OutputPart;
import dev.sampo.internal.plan.ExecutionPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a job is on its way, its plan as it stands, and how it ends. */
final class JobCourse {
    private final JobLedger ledger;
    private final StageFlow flow;
    private final AttemptControl attempts;
    private final TransitionObserver observer;
    private ExecutionPlan plan;
    private JobState state = JobLifecycle.TABLE.start();
    private @Nullable Decision outcome;

    JobCourse(
            ExecutionPlan plan,
            JobLedger ledger,
            StageFlow flow,
            AttemptControl attempts,
            TransitionObserver observer) {
        this.plan = plan;
        this.ledger = ledger;
        this.flow = flow;
        this.attempts = attempts;
        this.observer = observer;
        ledger.enter(plan);
    }

    /** Returns the plan. */
    ExecutionPlan plan() {
        return plan;
    }

    /** Replaces the plan by one that knows more. */
    void refine(ExecutionPlan refined) {
        plan = refined;
        ledger.enter(refined);
    }

    /** Returns the state. */
    JobState state() {
        return state;
    }

    /** Returns whether the job may still launch attempts. */
    boolean isUnderWay() {
        return outcome == null;
    }

    /** Notes that an attempt was launched. */
    void launched(Turn turn) {
        if (state == JobState.QUEUED) {
            move(JobLifecycle.Event.LAUNCHED, turn);
        }
    }

    /** Opens and closes stages, and moves the job with them. */
    void update(Turn turn) {
        if (isUnderWay()) {
            forgoRepetitions(turn);
        }
        flow.update();
        if (state == JobState.PLANNING && flow.isOpen(ExecutionPlan.MAP_STAGE)) {
            move(JobLifecycle.Event.PLANNED, turn);
        }
        if (state == JobState.RUNNING && flow.isOpen(plan.commitStage())) {
            move(JobLifecycle.Event.REDUCED, turn);
        }
    }

    /** Stops making outputs again whose readers got through without. */
    private void forgoRepetitions(Turn turn) {
        for (int number = plan.lastReduceStage(); number > ExecutionPlan.MAP_STAGE; number--) {
            StageLedger readers = ledger.stage(number);
            StageLedger makers = ledger.stage(number - 1);
            if (readers == null || makers == null || !readers.isComplete() || makers.isComplete()) {
                continue;
            }
            for (Task task : makers.tasks) {
                attempts.stopAll(task, "its output is not needed again", turn);
                if (task.state != TaskLifecycle.State.DONE) {
                    flow.forgo(task);
                }
            }
        }
    }

    /**
     * Gives the job up, unless it has been already or has succeeded.
     *
     * @param failure the decision to end with, {@link Decision.JobFailed} or {@link Decision.JobCanceled}
     */
    void giveUp(Decision failure, Turn turn) {
        if (outcome != null) {
            return;
        }
        outcome = failure;
        move(JobLifecycle.Event.GIVEN_UP, turn);
        flow.shut();
        attempts.stopAll(failure instanceof Decision.JobCanceled canceled ? canceled.reason() : "the job failed", turn);
    }

    /** Ends the job well: also one that was given up, when its result became visible before its commit could be stopped. */
    void succeed(List<OutputPart> parts, Turn turn) {
        outcome = new Decision.JobSucceeded(parts);
        flow.shut();
        attempts.stopAll("the job has succeeded", turn);
    }

    /** Ends a job that was given up, when its last attempt has ended, and one that has succeeded. */
    void conclude(Turn turn) {
        if (outcome == null || state.isTerminal()) {
            return;
        }
        JobLifecycle.Event event;
        if (outcome instanceof Decision.JobSucceeded) {
            event = JobLifecycle.Event.COMMITTED;
        } else if (ledger.liveCount() > 0) {
            return;
        } else if (outcome instanceof Decision.JobCanceled) {
            event = JobLifecycle.Event.CANCELED;
        } else {
            event = JobLifecycle.Event.FAILED;
        }
        turn.decide(new Decision.CleanUp());
        move(event, turn);
        turn.decide(outcome);
    }

    private void move(JobLifecycle.Event event, Turn turn) {
        state = JobLifecycle.TABLE.next(state, event, plan.job(), observer);
        turn.decide(new Decision.JobStateChanged(state));
    }
}
