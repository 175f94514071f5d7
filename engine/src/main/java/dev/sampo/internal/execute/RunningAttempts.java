package dev.sampo.internal.execute;

import dev.sampo.internal.execute.JobsOnNode.JobOnNode;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.NodeProtocol.Launch;
import dev.sampo.internal.protocol.NodeProtocol.Order;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.spi.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The attempts that run on a node, each a child of its agent, and what the coordinators of their jobs are told of them.
 * Owned by the agent.
 */
final class RunningAttempts {
    /** More than a coordinator gives to a slot at once. */
    private static final int MOST_IN_SLOT = 64;

    private final ActorContext<NodeProtocol.Command> context;
    private final NodeFacts facts;
    private final NodeServices services;
    private final ActorRef<AttemptRunner.Report> reports;
    private final ReportDesk desk;
    private final SlotQueues slots = new SlotQueues();
    private final Map<AttemptId, Running> running = new HashMap<>();
    /** Those that do not heed their interrupt, with the slots that are theirs for good. */
    private final Map<AttemptId, Long> stuck = new HashMap<>();

    private record Running(ActorRef<AttemptRunner.Command> runner, AttemptScope scope) {
        Order order() {
            return scope.order();
        }
    }

    RunningAttempts(
            ActorContext<NodeProtocol.Command> context,
            NodeFacts facts,
            NodeServices services,
            ActorRef<AttemptRunner.Report> reports,
            ReportDesk desk) {
        this.context = context;
        this.facts = facts;
        this.services = services;
        this.reports = reports;
        this.desk = desk;
    }

    /** Returns the order of an attempt that runs. */
    Optional<Order> order(AttemptId attempt) {
        return Optional.ofNullable(running.get(attempt)).map(Running::order);
    }

    /** Returns the attempts that run, and those that do not heed their interrupt. */
    List<AttemptId> alive() {
        List<AttemptId> alive = new ArrayList<>(running.keySet());
        alive.addAll(stuck.keySet());
        return alive;
    }

    /** Returns how far the attempts are of which that is known. */
    List<ClusterProtocol.AttemptProgress> progress() {
        List<ClusterProtocol.AttemptProgress> known = new ArrayList<>();
        running.forEach((attempt, of) -> {
            int permille = of.scope.permille();
            if (permille > 0) {
                known.add(new ClusterProtocol.AttemptProgress(attempt, permille));
            }
        });
        return known;
    }

    /** Returns how many slots are held by attempts that ignore their interrupt. */
    int lostSlots() {
        return stuck.size();
    }

    /**
     * Returns whether the node has room for an attempt: its slot has others already, or is free.
     *
     * @param lease its slot
     * @param promised slots that other attempts will take
     */
    boolean hasRoom(long lease, Set<Long> promised) {
        if (stuck.containsValue(lease)) {
            return false; // the order was under way when the slot was lost
        }
        if (slots.size(lease) > 0) {
            return slots.size(lease) < MOST_IN_SLOT;
        }
        // An attempt that waits for the decision about its part takes no slot.
        Set<Long> taken = new HashSet<>(slots.leases());
        taken.addAll(promised);
        return promised.contains(lease) || taken.size() + stuck.size() < facts.slots();
    }

    /** Returns whether an attempt waits for the one before it in its slot. */
    boolean hasWaiting() {
        return slots.hasWaiting();
    }

    /** Has those go back to the coordinator that have waited since the last call for the same attempt. */
    void handBackImpatient() {
        slots.waitingSinceLastLook().forEach(attempt -> tell(attempt, AttemptRunner.HandBack.INSTANCE));
    }

    boolean isBusyWith(JobId job) {
        return running.keySet().stream()
                .anyMatch(attempt -> attempt.task().job().equals(job));
    }

    void start(Launch launch, JobOnNode job) {
        Order order = launch.order();
        AttemptScope scope = new AttemptScope(order, job.functions(), services);
        ActorRef<AttemptRunner.Command> runner = context.spawn(
                // stopped, and reported by the signal; what failed is no news for the log of the actor system
                Behaviors.supervise(AttemptRunner.create(scope, JobsOnNode.workOf(launch), reports))
                        .onFailure(SupervisorStrategy.stop().withLoggingEnabled(false)),
                "attempt-" + order.attempt().task().job() + "-"
                        + order.attempt().localName());
        context.watch(runner);
        running.put(order.attempt(), new Running(runner, scope));
        slots.add(order.lease(), order.attempt());
    }

    /** Tells an attempt something. Returns whether it runs. */
    boolean tell(AttemptId attempt, AttemptRunner.Command command) {
        Running known = running.get(attempt);
        if (known != null) {
            known.runner.tell(command);
        }
        return known != null;
    }

    void cancelAll(String why) {
        running.values().forEach(attempt -> attempt.runner.tell(new AttemptRunner.Cancel(why)));
    }

    void cancel(JobId job, String why) {
        running.forEach((id, attempt) -> {
            if (id.task().job().equals(job)) {
                attempt.runner.tell(new AttemptRunner.Cancel(why));
            }
        });
    }

    /** Takes what an attempt reports. Returns the attempt if it has ended with that. */
    Optional<AttemptId> on(AttemptRunner.Report report) {
        AttemptId attempt = report.attempt();
        if (report instanceof AttemptRunner.ThreadBack) {
            stuck.remove(attempt);
            return Optional.empty();
        }
        Running known = running.get(attempt);
        if (known == null) {
            return Optional.empty();
        }
        if (report instanceof AttemptRunner.Finished finished) {
            return finished(known.order(), finished.outcome());
        } else if (report instanceof AttemptRunner.Committed) {
            return ended(attempt);
        } else if (report instanceof AttemptRunner.HandedBack) {
            Optional<AttemptId> ended = ended(attempt);
            desk.handedBack(known.order());
            return ended;
        } else if (report instanceof AttemptRunner.ThreadLost) {
            stuck.put(attempt, known.order().lease());
            slots.waiting(known.order().lease()).forEach(waiting -> tell(waiting, AttemptRunner.HandBack.INSTANCE));
            context.getLog()
                    .warn(
                            "{} ignores its interrupt; node {} has {} of {} slots left",
                            attempt,
                            facts.id(),
                            facts.slots() - stuck.size(),
                            facts.slots());
            desk.flush(attempt.task().job());
            known.order().replyTo().tell(new TaskProtocol.SlotLost(known.order().epoch(), attempt, facts.id()));
        }
        return Optional.empty();
    }

    private Optional<AttemptId> finished(Order order, Outcome outcome) {
        if (outcome instanceof Outcome.Held held) {
            Optional<AttemptId> ended = ended(order.attempt());
            desk.held(order, held, slots.size(order.lease()));
            return ended;
        }
        desk.flush(order.attempt().task().job());
        messages(order, outcome).forEach(order.replyTo()::tell);
        if (outcome instanceof Outcome.Written) {
            slots.remove(order.lease(), order.attempt());
            return Optional.empty();
        }
        return ended(order.attempt());
    }

    private List<? extends TaskProtocol.Wire> messages(Order order, Outcome outcome) {
        AttemptId attempt = order.attempt();
        if (outcome instanceof Outcome.Planned planned) {
            return PlanPages.of(order.epoch(), attempt, planned.splits());
        } else if (outcome instanceof Outcome.Sampled sampled) {
            return List.of(new TaskProtocol.SampleReady(order.epoch(), attempt, sampled.keys()));
        } else if (outcome instanceof Outcome.Written written) {
            return List.of(new TaskProtocol.CommitRequested(
                    order.epoch(),
                    attempt,
                    written.part(),
                    written.counters(),
                    context.getSelf().narrow()));
        }
        return List.of(new TaskProtocol.JobCommitted(order.epoch(), attempt, ((Outcome.Committed) outcome).parts()));
    }

    /** Supervision's word that an attempt failed: the exception thrown in its actor is the cause. */
    Optional<AttemptId> failed(ChildFailed failed) {
        Optional<Order> order = running.values().stream()
                .filter(attempt -> attempt.runner.path().equals(failed.getRef().path()))
                .map(Running::order)
                .findFirst();
        order.ifPresent(of -> {
            ended(of.attempt());
            desk.failed(of.epoch(), of.attempt(), report(failed.getCause()), of.replyTo());
        });
        return order.map(Order::attempt);
    }

    private static FailureReport report(Throwable cause) {
        return cause instanceof AttemptFailedException attempt
                ? attempt.report()
                : FailureReport.of(FailureKind.ENGINE, ErrorCode.INTERNAL, "the attempt's actor failed: " + cause);
    }

    private Optional<AttemptId> ended(AttemptId attempt) {
        Running known = running.remove(attempt);
        if (known != null) {
            slots.remove(known.order().lease(), attempt);
        }
        return Optional.of(attempt);
    }
}
