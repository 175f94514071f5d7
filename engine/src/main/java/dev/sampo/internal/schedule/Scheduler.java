package dev.sampo.internal.schedule;

import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobState;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.plan.ExecutionPlan;
import dev.sampo.internal.plan.JobPlanner;
import dev.sampo.internal.plan.PlanSettings;
import java.util.List;
import java.util.OptionalLong;

/**
 * Decides what runs where and when, for one job: the only authority on its retries and commits. It is told events and
 * returns decisions; whoever owns it carries them out in order. Used by one thread.
 *
 * <p>Times are readings of one monotonic clock in nanoseconds, as {@link System#nanoTime} gives them, and never go back.
 */
public final class Scheduler {
    private final JobCourse course;
    private final JobLedger ledger;
    private final StageFlow flow;
    private final TaskQueues queues;
    private final LeaseBook leases = new LeaseBook();
    private final Deadlines deadlines = new Deadlines();
    private final JobReach reach = new JobReach(leases);
    private final NodesAside aside;
    private final AttemptControl attempts;
    private final Failures failures;
    private final AttemptReports reports;
    private final Speculation speculation;
    private final Dispatcher dispatcher;
    private final Evacuation evacuation;
    private final JobReport report;
    private long stale;

    /** Creates the scheduler of a job that has not been accepted yet. */
    public Scheduler(JobId job, JobOutline outline, PlanSettings planning, SchedulerSettings settings) {
        this(job, outline, planning, settings, TransitionObserver.NONE);
    }

    Scheduler(
            JobId job,
            JobOutline outline,
            PlanSettings planning,
            SchedulerSettings settings,
            TransitionObserver observer) {
        JobPlanner planner = new JobPlanner(planning);
        ExecutionPlan plan = planner.outline(job, outline);
        this.ledger = new JobLedger(plan.stages().size(), observer);
        this.queues = new TaskQueues(settings.localityWaitNanos());
        this.flow = new StageFlow(ledger, queues, leases);
        this.aside = new NodesAside(leases, deadlines, new NodeRests(settings.restNanos()), reach::openNodes);
        this.attempts = new AttemptControl(ledger, flow, leases, deadlines, settings, aside);
        this.course = new JobCourse(plan, ledger, flow, attempts, observer);
        RetryPolicy policy = new RetryPolicy(outline.maxAttempts(), settings.freeFetchFailures());
        this.failures = new Failures(course, ledger, flow, attempts, deadlines, policy, reach, aside);
        Pace pace = new Pace();
        this.evacuation = new Evacuation(course, ledger, queues, leases);
        this.reports = new AttemptReports(course, ledger, attempts, planner, failures, evacuation, pace);
        this.speculation = new Speculation(ledger, queues, attempts, settings.speculation() && outline.speculation());
        this.dispatcher = new Dispatcher(course, ledger, queues, leases, attempts, reach, pace, speculation, aside);
        this.report = new JobReport(ledger);
    }

    /**
     * Takes in an event and everything that is due by now.
     *
     * @param nowNanos the time, not before that of the call before
     * @return what should happen, in order
     */
    public List<Decision> on(SchedulerEvent event, long nowNanos) {
        return on(List.of(event), nowNanos);
    }

    /**
     * Takes in events one after the other, and then everything that is due by now. What should happen is decided once.
     *
     * @param events in the order in which they are taken in
     * @param nowNanos the time, not before that of the call before
     * @return what should happen, in order
     */
    public List<Decision> on(List<? extends SchedulerEvent> events, long nowNanos) {
        Turn turn = new Turn(nowNanos);
        for (SchedulerEvent event : events) {
            take(event, turn);
        }
        for (Deadlines.Deadline due : deadlines.due(nowNanos, this::applies)) {
            if (applies(due)) {
                passed(due, turn);
            }
        }
        aside.update(turn);
        failures.failWhereInputIsOutOfReach(turn);
        course.update(turn);
        evacuation.update(turn);
        speculation.update(course.isUnderWay(), turn);
        dispatcher.dispatch(turn);
        course.conclude(turn);
        return turn.decisions();
    }

    private void take(SchedulerEvent event, Turn turn) {
        if (event instanceof SchedulerEvent.AttemptEvent attemptEvent) {
            reports.on(attemptEvent, turn);
        } else if (event instanceof SchedulerEvent.JobAccepted) {
            accepted();
        } else if (event instanceof SchedulerEvent.PlacementChanged changed) {
            countStale(dispatcher.place(changed.table()));
        } else if (event instanceof SchedulerEvent.SlotGranted granted) {
            countStale(leases.grant(granted.lease(), turn.nowNanos));
        } else if (event instanceof SchedulerEvent.SlotsCapped capped) {
            dispatcher.cap(capped.slots());
        } else if (event instanceof SchedulerEvent.NodeLost lost) {
            nodeLost(lost.node());
        } else if (event instanceof SchedulerEvent.NodeDraining draining) {
            leases.drain(draining.node());
            evacuation.drain(draining.node());
            reach.nodesChanged();
        } else if (event instanceof SchedulerEvent.NodeExcluded excluded) {
            reach.exclude(excluded.node());
        } else if (event instanceof SchedulerEvent.NodeAdmitted admitted) {
            reach.admit(admitted.node());
            leases.stir();
        } else if (event instanceof SchedulerEvent.NodeHeard heard) {
            reports.heard(heard, turn);
        } else if (event instanceof SchedulerEvent.OutputMoved moved) {
            evacuation.moved(moved, turn);
        } else if (event instanceof SchedulerEvent.MoveFailed failed) {
            evacuation.failed(failed);
        } else if (event instanceof SchedulerEvent.CancelRequested requested) {
            course.giveUp(new Decision.JobCanceled(requested.reason()), turn);
        } else if (event instanceof SchedulerEvent.FailRequested requested) {
            course.giveUp(new Decision.JobFailed(requested.report(), null), turn);
        }
    }

    private void countStale(boolean fresh) {
        stale += fresh ? 0 : 1;
    }

    private void accepted() {
        if (course.isUnderWay() && course.state() == JobState.QUEUED) {
            flow.start();
        } else {
            stale++;
        }
    }

    private void nodeLost(NodeId node) {
        if (!leases.lose(node)) {
            stale++;
            return;
        }
        reach.nodesChanged();
        ledger.liveOn(node).forEach(attempts::vanish);
        if (course.isUnderWay()) {
            ledger.outputsOn(node).forEach(flow::loseOutput);
        }
        evacuation.lost(node);
    }

    private boolean applies(Deadlines.Deadline deadline) {
        Attempt attempt = deadline.attempt();
        if (attempt == null) {
            return course.isUnderWay();
        }
        return attempt.state
                == switch (deadline.kind()) {
                    case ACKNOWLEDGE -> AttemptLifecycle.State.ASSIGNED;
                    case TIME_LIMIT, LEASE -> AttemptLifecycle.State.RUNNING;
                    case REPEAT_CANCEL, GIVE_UP, WAKE -> AttemptLifecycle.State.STOPPING;
                };
    }

    private void passed(Deadlines.Deadline due, Turn turn) {
        Attempt attempt = due.attempt();
        if (attempt == null) {
            leases.stir();
            return;
        }
        switch (due.kind()) {
            case ACKNOWLEDGE -> {
                attempts.avoid(attempt.task, attempt.node(), turn);
                attempts.stop(attempt, "its launch was not acknowledged in time", turn);
            }
            case TIME_LIMIT -> failures.timedOut(attempt, turn);
            case LEASE -> attempts.leaseOver(attempt, turn);
            case REPEAT_CANCEL -> {
                if (!attempt.stuck) {
                    attempts.sendCancel(attempt, turn);
                }
            }
            case GIVE_UP -> giveUp(attempt, turn);
            case WAKE -> leases.stir();
        }
    }

    private void giveUp(Attempt attempt, Turn turn) {
        if (attempts.commits(attempt) && course.isUnderWay()) {
            attempts.waitOn(attempt, turn);
            return;
        }
        if (attempts.vanish(attempt) && !attempt.stuck) {
            turn.decide(new Decision.ReleaseSlot(attempt.lease));
        }
    }

    /** Returns when the scheduler wants a {@link SchedulerEvent.Tick} at the latest; empty when it waits for others. */
    public OptionalLong nextDeadlineNanos() {
        return deadlines.next(this::applies);
    }

    /** Returns the state of the job. */
    public JobState state() {
        return course.state();
    }

    /** Returns the plan as it stands. */
    public ExecutionPlan plan() {
        return course.plan();
    }

    /** Returns how far the job is. */
    public JobProgress progress() {
        return report.progress(course.state());
    }

    /** Returns the counters of what is done so far. */
    public Counters counters() {
        return report.counters();
    }

    /** Returns how many events came too late, twice, or for something that is not known. */
    public long staleEvents() {
        return stale + reports.stale();
    }

    /**
     * Returns where the outputs of a map or reduce stage are, by task, for a launch of the next stage.
     *
     * @throws IllegalStateException when the stage is not complete; at the time of such a launch it is
     */
    public List<HeldOutput> outputs(int stage) {
        StageLedger of = ledger.stage(stage);
        if (of == null || !of.isComplete()) {
            throw new IllegalStateException("outputs of stage " + stage + " of job "
                    + course.plan().job() + "; expected a stage whose tasks are all done");
        }
        return of.outputs();
    }

    /** Returns the attempts that are on their way to a node, run there or are being stopped. */
    public List<AttemptId> liveOn(NodeId node) {
        return ledger.liveOn(node).stream().map(attempt -> attempt.id).sorted().toList();
    }

    /** Returns the parts that were granted the commit, by partition. */
    public List<PartFile> grantedParts() {
        return reports.grantedParts();
    }

    /** Returns whether the job has ended and holds no slot any more, so that the scheduler may be dropped. */
    public boolean drained() {
        return course.state().isTerminal() && leases.held() == 0 && ledger.liveCount() == 0;
    }

    /** Returns how many attempts on a node have not ended. */
    int runningOn(NodeId node) {
        return ledger.liveOn(node).size();
    }

    /** Returns how many tasks were looked at to find one for a slot: the cost of placement. */
    long examinedTasks() {
        return queues.examined();
    }
}
