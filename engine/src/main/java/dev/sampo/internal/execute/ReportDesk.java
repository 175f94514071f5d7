package dev.sampo.internal.execute;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.protocol.NodeProtocol.Order;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.protocol.TaskProtocol.AttemptOfJob;
import dev.sampo.internal.protocol.TaskProtocol.AttemptReports;
import dev.sampo.internal.protocol.TaskProtocol.FailedReport;
import dev.sampo.internal.protocol.TaskProtocol.HeldReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Collects what a node reports of the attempts of a job, and sends it at once. What somebody may be waiting for goes out
 * without delay, together with what has been collected; the rest when there is much of it, or when the agent says that
 * it has waited for long enough. Owned by the agent.
 */
final class ReportDesk {
    /** As many reports are sent without waiting for more. */
    private static final int MANY = 64;

    /** As many counters of job functions: each has a name. */
    private static final int MANY_COUNTERS = 2_000;

    private final NodeId node;
    private final Runnable remind;
    private final Map<JobId, Pending> pending = new LinkedHashMap<>();

    /**
     * Creates an empty desk.
     *
     * @param remind has {@link #flush} be called soon; called when there is something that waits
     */
    ReportDesk(NodeId node, Runnable remind) {
        this.node = node;
        this.remind = remind;
    }

    private static final class Pending {
        private final CoordinatorEpoch epoch;
        private final ActorRef<TaskProtocol.Wire> replyTo;
        private final List<AttemptOfJob> started = new ArrayList<>();
        private final List<AttemptOfJob> handedBack = new ArrayList<>();
        private final List<HeldReport> held = new ArrayList<>();
        private final List<FailedReport> failed = new ArrayList<>();
        private int counters;

        private Pending(CoordinatorEpoch epoch, ActorRef<TaskProtocol.Wire> replyTo) {
            this.epoch = epoch;
            this.replyTo = replyTo;
        }

        private boolean isFull() {
            return started.size() + handedBack.size() + held.size() + failed.size() >= MANY
                    || counters >= MANY_COUNTERS;
        }
    }

    /** The attempt is here. */
    void started(Order order) {
        Pending of = pending(order);
        of.started.add(AttemptOfJob.without(order.attempt()));
        settle(order.attempt().task().job(), of);
    }

    /** The attempt did not begin and goes back. */
    void handedBack(Order order) {
        Pending of = pending(order);
        of.handedBack.add(AttemptOfJob.without(order.attempt()));
        settle(order.attempt().task().job(), of);
    }

    /**
     * The attempt is done.
     *
     * @param waiting how many attempts are still in its slot
     */
    void held(Order order, Outcome.Held held, int waiting) {
        Pending of = pending(order);
        of.held.add(new HeldReport(AttemptOfJob.without(order.attempt()), held.counters(), held.bytes(), held.nanos()));
        of.counters += held.counters().user().size();
        JobId job = order.attempt().task().job();
        if (of.held.size() >= waiting) {
            flush(job); // the coordinator should send more before the slot has nothing to do
        } else {
            settle(job, of);
        }
    }

    /** The attempt failed. That is told at once, with what has been collected before. */
    void failed(CoordinatorEpoch epoch, AttemptId attempt, FailureReport failure, ActorRef<TaskProtocol.Wire> replyTo) {
        JobId job = attempt.task().job();
        pending(job, epoch, replyTo).failed.add(new FailedReport(AttemptOfJob.without(attempt), failure));
        flush(job);
    }

    private void settle(JobId job, Pending of) {
        if (of.isFull()) {
            flush(job);
        } else {
            remind.run();
        }
    }

    private Pending pending(Order order) {
        return pending(order.attempt().task().job(), order.epoch(), order.replyTo());
    }

    /** What is for one coordinator and its epoch is never mixed with what is for another. */
    private Pending pending(JobId job, CoordinatorEpoch epoch, ActorRef<TaskProtocol.Wire> replyTo) {
        Pending known = pending.get(job);
        if (known != null && !(known.epoch.equals(epoch) && known.replyTo.equals(replyTo))) {
            flush(job);
            known = null;
        }
        if (known == null) {
            known = new Pending(epoch, replyTo);
            pending.put(job, known);
        }
        return known;
    }

    /** Sends what has been collected of a job. */
    void flush(JobId job) {
        Pending of = pending.remove(job);
        if (of != null) {
            of.replyTo.tell(new AttemptReports(of.epoch, job, node, of.started, of.handedBack, of.held, of.failed));
        }
    }

    /** Sends all that has been collected. */
    void flush() {
        List.copyOf(pending.keySet()).forEach(this::flush);
    }
}
