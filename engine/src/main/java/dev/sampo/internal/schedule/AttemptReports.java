package dev.sampo.internal.schedule;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.StageKind;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.plan.ExecutionPlan;
import dev.sampo.internal.plan.JobPlanner;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what attempts report. A report of an attempt that has ended, or was told to stop, changes no task; whoever
 * sent it is told so where that matters.
 */
final class AttemptReports {
    private final JobCourse course;
    private final JobLedger ledger;
    private final AttemptControl attempts;
    private final JobPlanner planner;
    private final Failures failures;
    private final Evacuation evacuation;
    private final Pace pace;
    private final CommitArbiter arbiter = new CommitArbiter();
    private final Map<Integer, List<byte[]>> sample = new TreeMap<>();
    private final Set<AttemptId> lostSlots = new HashSet<>();
    private long stale;

    AttemptReports(
            JobCourse course,
            JobLedger ledger,
            AttemptControl attempts,
            JobPlanner planner,
            Failures failures,
            Evacuation evacuation,
            Pace pace) {
        this.course = course;
        this.ledger = ledger;
        this.attempts = attempts;
        this.planner = planner;
        this.failures = failures;
        this.evacuation = evacuation;
        this.pace = pace;
    }

    /** Returns how many reports came too late, twice, or from attempts that are not known. */
    long stale() {
        return stale;
    }

    /** Returns the granted parts by partition. */
    List<PartFile> grantedParts() {
        return arbiter.parts();
    }

    /** Takes in one report. */
    void on(SchedulerEvent.AttemptEvent event, Turn turn) {
        Attempt attempt = ledger.live(event.attempt());
        if (event instanceof SchedulerEvent.AttemptStarted started) {
            started(attempt, started.attempt(), started.node(), turn);
        } else if (event instanceof SchedulerEvent.AttemptRefused) {
            refused(attempt, false, turn);
        } else if (event instanceof SchedulerEvent.AttemptHandedBack) {
            refused(attempt, true, turn);
        } else if (event instanceof SchedulerEvent.PlanReady ready) {
            planReady(attempt, ready, turn);
        } else if (event instanceof SchedulerEvent.SampleReady ready) {
            sampleReady(attempt, ready, turn);
        } else if (event instanceof SchedulerEvent.OutputHeld held) {
            outputHeld(attempt, held, turn);
        } else if (event instanceof SchedulerEvent.CommitRequested requested) {
            commitRequested(attempt, requested, turn);
        } else if (event instanceof SchedulerEvent.JobCommitted committed) {
            jobCommitted(attempt, committed, turn);
        } else if (event instanceof SchedulerEvent.AttemptFailed failed) {
            failed(attempt, failed.report(), turn);
        } else if (event instanceof SchedulerEvent.SlotLost lost) {
            slotLost(attempt, lost, turn);
        }
    }

    private void started(@Nullable Attempt attempt, AttemptId id, NodeId node, Turn turn) {
        if (attempt == null) {
            stale++;
            turn.decide(new Decision.CancelAttempt(id, node, "the attempt has ended"));
        } else if (attempt.isStopping()) {
            stale++;
            turn.decide(new Decision.CancelAttempt(id, node, attempt.stopReason));
        } else if (attempt.state == AttemptLifecycle.State.ASSIGNED) {
            acknowledge(attempt, turn);
        } else {
            stale++;
        }
    }

    private void acknowledge(Attempt attempt, Turn turn) {
        if (attempt.state == AttemptLifecycle.State.ASSIGNED) {
            ledger.move(attempt, AttemptLifecycle.Event.ACKNOWLEDGED);
            attempts.renew(attempt, turn);
            attempts.watchLease(attempt);
            failures.watch(attempt, turn);
        }
    }

    /**
     * Takes in which attempts of the job a node runs. What runs there is acknowledged and its lease renewed; what should
     * run there and is not listed twice in a row has ended, and its report was lost; what should not run there is told
     * again how it ended. Twice, because a report may be under way on another path than the list.
     */
    void heard(SchedulerEvent.NodeHeard heard, Turn turn) {
        for (Attempt attempt : ledger.liveOn(heard.node())) {
            boolean listed = heard.running().contains(attempt.id);
            if (listed) {
                acknowledge(attempt, turn);
                attempts.renew(attempt, turn);
                progressed(attempt, heard.progress().getOrDefault(attempt.id, 0.0), turn);
            } else if (attempt.state != AttemptLifecycle.State.ASSIGNED && ++attempt.unlisted >= 2) {
                if (attempt.stuck) {
                    attempts.vanish(attempt);
                } else if (!attempt.isStopping()) {
                    attempts.stop(attempt, "its node does not run it any more", turn);
                }
            }
        }
        for (AttemptId id : heard.running()) {
            if (ledger.live(id) == null && !lostSlots.contains(id)) {
                boolean granted = arbiter.holder(id.task()).filter(id::equals).isPresent();
                turn.decide(
                        granted
                                ? new Decision.GrantCommit(id)
                                : new Decision.CancelAttempt(id, heard.node(), "the attempt has ended"));
            }
        }
    }

    private static void progressed(Attempt attempt, double progress, Turn turn) {
        if (progress > 0) {
            attempt.progress = Math.min(1, progress);
            attempt.progressNanos = turn.nowNanos;
        }
    }

    /** A node that hands an attempt back has room, only not in that slot: it need not rest. */
    private void refused(@Nullable Attempt attempt, boolean handedBack, Turn turn) {
        if (attempt == null || (attempt.state == AttemptLifecycle.State.RUNNING && !handedBack)) {
            stale++;
        } else if (attempt.isStopping()) {
            attempts.end(attempt, AttemptLifecycle.Event.STOPPED);
        } else {
            if (!handedBack) {
                attempts.rest(attempt.node(), turn);
            }
            attempts.end(attempt, AttemptLifecycle.Event.TURNED_AWAY);
        }
    }

    /** Returns the attempt if it may end with a result of this kind; ends one that was told to stop. */
    private @Nullable Attempt finishing(@Nullable Attempt attempt, StageKind kind) {
        if (attempt == null || ledger.stageOf(attempt.task).stage.kind() != kind) {
            stale++;
            return null;
        }
        if (attempt.isStopping()) {
            stale++;
            attempts.end(attempt, AttemptLifecycle.Event.STOPPED);
            return null;
        }
        return attempt;
    }

    private void accept(Attempt attempt, TaskCounters counters, @Nullable HeldOutput output, Turn turn) {
        Task task = attempt.task;
        StageLedger stage = ledger.stageOf(task);
        task.costNanos = turn.nowNanos - attempt.launchedNanos;
        stage.durations.add(task.costNanos);
        Attempt other = attempt.equals(task.second) ? task.current : task.second;
        stage.speculativeWon += attempt.equals(task.second) ? 1 : 0;
        if (attempt.state == AttemptLifecycle.State.ASSIGNED) {
            ledger.move(attempt, AttemptLifecycle.Event.ACKNOWLEDGED);
        }
        ledger.accept(attempt, counters, output);
        evacuation.held(task);
        attempts.free(attempt, turn);
        if (other != null && !other.isStopping()) {
            attempts.stop(other, "attempt " + attempt.id.number() + " of its task was done first", turn);
        }
    }

    private void planReady(@Nullable Attempt reporting, SchedulerEvent.PlanReady ready, Turn turn) {
        Attempt attempt = finishing(reporting, StageKind.PLAN);
        if (attempt != null) {
            accept(attempt, TaskCounters.NONE, null, turn);
            course.refine(planner.listed(course.plan(), ready.splits()));
        }
    }

    private void sampleReady(@Nullable Attempt reporting, SchedulerEvent.SampleReady ready, Turn turn) {
        Attempt attempt = finishing(reporting, StageKind.SAMPLE);
        if (attempt == null) {
            return;
        }
        accept(attempt, TaskCounters.NONE, null, turn);
        sample.put(attempt.task.id.index(), ready.keys());
        if (ledger.stageOf(attempt.task).isComplete()) {
            course.refine(planner.sampled(
                    course.plan(),
                    sample.values().stream().flatMap(List::stream).toList()));
            sample.clear();
        }
    }

    private void outputHeld(@Nullable Attempt reporting, SchedulerEvent.OutputHeld held, Turn turn) {
        AttemptId id = held.attempt();
        Task task = ledger.task(id.task());
        HeldOutput known = task == null ? null : task.output;
        if (known != null && known.attempt().equals(id)) {
            stale++;
            return;
        }
        boolean isShuffled = id.task().stage() < course.plan().lastReduceStage();
        StageKind kind = id.task().stage() == ExecutionPlan.MAP_STAGE ? StageKind.MAP : StageKind.REDUCE;
        Attempt attempt = finishing(isShuffled ? reporting : null, kind);
        if (attempt == null) {
            turn.decide(new Decision.DiscardOutput(id, held.node()));
        } else {
            accept(attempt, held.counters(), new HeldOutput(id, attempt.node(), held.bytes()), turn);
            if (kind == StageKind.MAP) {
                pace.took(held.nanos());
            }
        }
    }

    private void commitRequested(@Nullable Attempt attempt, SchedulerEvent.CommitRequested requested, Turn turn) {
        AttemptId id = requested.attempt();
        if (arbiter.holder(id.task()).filter(id::equals).isPresent()) {
            stale++;
            turn.decide(new Decision.GrantCommit(id));
        } else if (attempt == null
                || attempt.isStopping()
                || id.task().stage() != course.plan().lastReduceStage()) {
            stale++;
            turn.decide(new Decision.DenyCommit(
                    id,
                    "attempt " + id + " does not count; "
                            + arbiter.holder(id.task())
                                    .map(holder -> "attempt " + holder + " does")
                                    .orElse("a later one will")));
        } else if (arbiter.request(id, requested.part())) {
            accept(attempt, requested.counters(), null, turn);
            turn.decide(new Decision.GrantCommit(id));
        } else {
            throw new IllegalStateException("task " + id.task() + " was granted to " + arbiter.holder(id.task())
                    + " while attempt " + id + " of it ran; expected a granted task to be done");
        }
    }

    private void jobCommitted(@Nullable Attempt attempt, SchedulerEvent.JobCommitted committed, Turn turn) {
        if (attempt == null
                || course.state().isTerminal()
                || attempt.task.id.stage() != course.plan().commitStage()) {
            stale++;
            return;
        }
        accept(attempt, TaskCounters.NONE, null, turn);
        course.succeed(committed.parts(), turn);
    }

    private void failed(@Nullable Attempt attempt, FailureReport report, Turn turn) {
        if (attempt == null) {
            stale++;
        } else if (attempt.stuck) {
            stale++; // it was told to stop, and does not
        } else if (attempt.isStopping()) {
            attempts.end(attempt, AttemptLifecycle.Event.STOPPED);
        } else {
            acknowledge(attempt, turn);
            attempts.avoid(attempt.task, attempt.node(), turn);
            attempts.end(attempt, AttemptLifecycle.Event.FAILED);
            failures.charge(attempt, report, turn);
        }
    }

    private void slotLost(@Nullable Attempt attempt, SchedulerEvent.SlotLost lost, Turn turn) {
        if (!lostSlots.add(lost.attempt())) {
            stale++;
        } else if (attempt == null) {
            stale++;
            turn.decide(new Decision.SlotGone(lost.node(), null));
        } else {
            attempts.avoid(attempt.task, attempt.node(), turn);
            attempts.loseSlot(attempt);
            if (attempts.commits(attempt) && attempt.isStopping() && course.isUnderWay()) {
                attempt.stuck = true;
            } else {
                attempts.vanish(attempt);
            }
            turn.decide(new Decision.SlotGone(lost.node(), attempt.lease));
        }
    }
}
