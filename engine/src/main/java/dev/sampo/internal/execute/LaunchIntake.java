package dev.sampo.internal.execute;

import dev.sampo.internal.execute.JobsOnNode.JobOnNode;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.NodeProtocol.CancelAttempt;
import dev.sampo.internal.protocol.NodeProtocol.JobDefined;
import dev.sampo.internal.protocol.NodeProtocol.Launch;
import dev.sampo.internal.protocol.NodeProtocol.Order;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.spi.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The way of an order to an attempt that runs: it is refused, or held until the functions of its job and their blobs are
 * here, or started. Owned by the agent.
 */
final class LaunchIntake {
    private final ActorContext<NodeProtocol.Command> context;
    private final NodeFacts facts;
    private final NodeServices services;
    private final NodeStanding standing;
    private final BooleanSupplier leaves;
    private final JobsOnNode jobs;
    private final RunningAttempts attempts;
    private final ReportDesk desk;
    private final ActorRef<BlobFetcher.Command> blobs;
    /** Outputs that were made for an earlier coordinator; an attempt of the same name is another one now. */
    private final Set<AttemptId> formerOutputs = new HashSet<>();

    LaunchIntake(
            ActorContext<NodeProtocol.Command> context,
            NodeFacts facts,
            NodeServices services,
            NodeStanding standing,
            BooleanSupplier leaves,
            JobsOnNode jobs,
            RunningAttempts attempts,
            ReportDesk desk,
            ActorRef<BlobFetcher.Command> blobs) {
        this.context = context;
        this.facts = facts;
        this.services = services;
        this.standing = standing;
        this.leaves = leaves;
        this.jobs = jobs;
        this.attempts = attempts;
        this.desk = desk;
        this.blobs = blobs;
    }

    /** What is held of attempts was made for the coordinator before. */
    void newReign() {
        formerOutputs.clear();
        formerOutputs.addAll(services.segments().held());
    }

    void launch(Launch launch) {
        Order order = launch.order();
        JobId id = order.attempt().task().job();
        String refusal = refusal(order);
        if (refusal != null) {
            refuse(launch, refusal);
        } else if (attempts.order(order.attempt()).isEmpty() && !jobs.isWaiting(order.attempt())) {
            JobOnNode job = jobs.find(id);
            if (job != null) {
                start(launch, job);
            } else {
                hold(launch, id);
            }
        } // else it is a repeated order
    }

    /** Returns why the order is refused; null when it is not. */
    private @Nullable String refusal(Order order) {
        if (standing.isStale(order.epoch())) {
            return "knows epoch " + standing.epoch().value() + ", the order has "
                    + order.epoch().value();
        }
        Order former = attempts.order(order.attempt()).orElse(null);
        if (former != null) {
            return former.epoch().isOlderThan(order.epoch())
                    ? "has not yet ended what it ran for an earlier coordinator"
                    : null;
        }
        if (jobs.isWaiting(order.attempt())) {
            return null;
        }
        if (jobs.isForgotten(order.attempt().task().job())) {
            return "has forgotten the job";
        }
        if (leaves.getAsBoolean()) {
            return "leaves";
        }
        return attempts.hasRoom(order.lease(), jobs.waitingLeases()) ? null : "has no slot free";
    }

    void refuse(Launch launch, String why) {
        Order order = launch.order();
        order.replyTo()
                .tell(new TaskProtocol.AttemptRefused(
                        order.epoch(), order.attempt(), facts.id(), "node " + facts.id() + " " + why));
    }

    private void hold(Launch launch, JobId job) {
        jobs.hold(launch);
        if (jobs.isGathering(job)) {
            desk.started(launch.order());
        } else {
            launch.order()
                    .replyTo()
                    .tell(new TaskProtocol.DefinitionWanted(
                            standing.epoch(), job, context.getSelf().narrow()));
        }
    }

    /** The functions of a job have come; those that travel as blobs have yet to be fetched. */
    void defined(JobDefined defined) {
        JobId job = defined.job();
        if (defined.definition().blobs().isEmpty()) {
            defineAndStart(job, defined.definition());
        } else if (jobs.gather(job)) {
            List<Launch> held = jobs.held(job);
            // blobs may take longer than an order may go unanswered
            held.forEach(launch -> desk.started(launch.order()));
            blobs.tell(new BlobFetcher.Gather(
                    defined.epoch(),
                    job,
                    defined.definition(),
                    held.get(0).order().replyTo()));
        }
    }

    /** The blobs of a job are here, or cannot be had. */
    void gathered(BlobFetcher.Gathered gathered) {
        JobId job = gathered.job();
        FailureReport failure = gathered.failure();
        if (!jobs.gathered(job)) {
            return;
        }
        if (failure == null) {
            defineAndStart(job, gathered.definition());
            return;
        }
        context.getLog().warn("{}: node {} cannot prepare it: {}", job, facts.id(), failure.message());
        for (Launch launch : jobs.release(job)) {
            Order order = launch.order();
            desk.failed(order.epoch(), order.attempt(), failure, order.replyTo());
        }
    }

    private void defineAndStart(JobId id, JobDefinition definition) {
        JobOnNode job = jobs.define(id, definition);
        for (Launch launch : jobs.release(id)) {
            start(launch, job);
        }
    }

    private void start(Launch launch, JobOnNode job) {
        if (formerOutputs.remove(launch.order().attempt())) {
            var unused = services.segments().remove(launch.order().attempt());
        }
        attempts.start(launch, job);
        desk.started(launch.order());
    }

    /** Ends an attempt wherever it is on its way; its end is reported also when it is not known here. */
    void cancel(CancelAttempt cancel) {
        if (attempts.tell(cancel.attempt(), new AttemptRunner.Cancel(cancel.reason()))) {
            return;
        }
        Launch held = jobs.drop(cancel.attempt());
        ActorRef<TaskProtocol.Wire> replyTo = held != null ? held.order().replyTo() : cancel.replyTo();
        desk.failed(
                cancel.epoch(),
                cancel.attempt(),
                FailureReport.of(FailureKind.PLAN, ErrorCode.JOB_CANCELED, cancel.reason()),
                replyTo);
    }
}
