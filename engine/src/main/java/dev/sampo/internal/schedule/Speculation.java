package dev.sampo.internal.schedule;

import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.StageKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses tasks that get a second attempt beside the first, because that one is much slower than the others of its stage:
 * whichever is done first counts, and the other is stopped.
 *
 * <p>The rule is LATE's: <i>Improving MapReduce Performance in Heterogeneous Environments</i> (Zaharia, Konwinski, Joseph,
 * Katz and Stoica, OSDI 2008, section 4). The time that an attempt has left is estimated from its progress so far, those
 * with the longest time left come first, never more than a tenth of what runs, and not on a node that is slow itself. In
 * place of LATE's percentiles, which need many attempts at once, a second attempt is worth its slot where a typical one,
 * by the median of those that are done, would be over before the first. The progress of an attempt may not be known; then
 * its time so far is compared, as in <i>MapReduce: Simplified Data Processing on Large Clusters</i> (Dean and Ghemawat,
 * OSDI 2004, section 3.6) and its successors.
 *
 * <p>Only when no task waits for its first attempt, and half of the stage is done. Looks at most once a second.
 */
final class Speculation {
    private static final long SECOND = 1_000_000_000L;
    private static final long LOOK_NANOS = SECOND;

    /** What has run for less says little, and gains little. */
    private static final long LEAST_NANOS = 2 * SECOND;

    /** An attempt has to be left with so many times what a new one takes. */
    private static final double WORTH = 1.2;

    /** Without progress to go by, an attempt is late when it has taken so many times what others did. */
    private static final double LATE = 2;

    /** One in so many attempts may be a second one, but always one. */
    private static final int SHARE = 10;

    private final JobLedger ledger;
    private final TaskQueues queues;
    private final AttemptControl attempts;
    private final boolean enabled;
    /** Tasks that should have a second attempt, the latest first. */
    private final Map<Task, Attempt> late = new LinkedHashMap<>();
    /** The nodes that late attempts run on. */
    private final Set<NodeId> slow = new HashSet<>();

    private boolean looked;
    private long lookedNanos;

    /**
     * Creates the rule of a job.
     *
     * @param enabled whether the job may have second attempts at all
     */
    Speculation(JobLedger ledger, TaskQueues queues, AttemptControl attempts, boolean enabled) {
        this.ledger = ledger;
        this.queues = queues;
        this.attempts = attempts;
        this.enabled = enabled;
    }

    /** Looks for late attempts, if it is time for that. */
    void update(boolean underWay, Turn turn) {
        if (!enabled) {
            return;
        }
        late.values().removeIf(attempt -> !isAlone(attempt));
        if (!underWay || queues.size() > 0) {
            late.clear();
            return;
        }
        if (looked && turn.nowNanos - lookedNanos < LOOK_NANOS) {
            return;
        }
        StageLedger stage = stageNearItsEnd();
        if (stage == null) {
            late.clear();
            return;
        }
        looked = true;
        lookedNanos = turn.nowNanos;
        attempts.wakeAt(turn.nowNanos + LOOK_NANOS);
        look(stage, turn.nowNanos);
    }

    /** Returns the stage whose remaining tasks all run; null when there is none, or too little of it is done. */
    private @Nullable StageLedger stageNearItsEnd() {
        for (StageLedger stage : ledger.stages()) {
            StageKind kind = stage.stage.kind();
            if ((kind == StageKind.MAP || kind == StageKind.REDUCE)
                    && stage.active > 0
                    && stage.done + stage.active == stage.tasks.size()
                    && stage.done * 2 >= stage.tasks.size()
                    && stage.durations.isKnown()) {
                return stage;
            }
        }
        return null;
    }

    private void look(StageLedger stage, long nowNanos) {
        record Candidate(Attempt attempt, double left) {}
        double typical = stage.durations.medianNanos();
        int running = 0;
        int seconds = 0;
        List<Candidate> candidates = new ArrayList<>();
        slow.clear();
        for (Attempt attempt : ledger.live()) {
            if (attempt.task.id.stage() != stage.stage.number() || attempt.isStopping()) {
                continue;
            }
            running++;
            if (attempt.equals(attempt.task.second)) {
                seconds++;
            }
            double left = leftNanos(attempt, typical, nowNanos);
            if (left > typical * WORTH) {
                slow.add(attempt.node());
                if (isAlone(attempt)) {
                    candidates.add(new Candidate(attempt, left));
                }
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::left).reversed());
        late.clear();
        int most = Math.max(1, running / SHARE) - seconds;
        for (Candidate candidate : candidates.subList(0, Math.max(0, Math.min(most, candidates.size())))) {
            late.put(candidate.attempt.task, candidate.attempt);
        }
    }

    /** Returns how long an attempt may still take; 0 while that cannot be told. */
    private static double leftNanos(Attempt attempt, double typical, long nowNanos) {
        double elapsed = nowNanos - attempt.launchedNanos;
        if (attempt.state != AttemptLifecycle.State.RUNNING || elapsed < Math.max(LEAST_NANOS, typical / 2)) {
            return 0;
        }
        if (attempt.progress > 0) {
            double until = attempt.progressNanos - attempt.launchedNanos;
            return until / attempt.progress - elapsed;
        }
        // as much again as it took, as far as anybody knows
        return elapsed > typical * LATE ? elapsed : 0;
    }

    private static boolean isAlone(Attempt attempt) {
        return attempt.equals(attempt.task.current)
                && attempt.task.second == null
                && attempt.state == AttemptLifecycle.State.RUNNING;
    }

    /** Returns how many tasks should have a second attempt. */
    int wanted() {
        return late.size();
    }

    /** Returns whether a task may have its second attempt on a node: not where an attempt is late. */
    boolean mayRunOn(NodeId node) {
        return !slow.contains(node);
    }

    /** Returns the tasks that should have a second attempt, the latest first. */
    List<Task> tasks() {
        return List.copyOf(late.keySet());
    }

    /** Notes that a task has its second attempt. */
    void launched(Task task) {
        late.remove(task);
    }
}
