package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.schedule.SchedulerEvent;
import dev.sampo.spi.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes have shown that they see the output directory of a job. The plan attempt leaves a file there, and every
 * other node is asked whether it finds it, before it gets an attempt. Owned by the job coordinator.
 */
final class OutputSight {
    private static final int NODES_NAMED = 10;

    private final String directory;
    private final CoordinatorEpoch epoch;
    private final ActorRef<TaskProtocol.Wire> replyTo;
    private final Set<NodeId> seeing = new HashSet<>();
    private final Map<NodeId, String> blind = new TreeMap<>();
    private @Nullable AttemptId planner;
    private SchedulerEvent.@Nullable PlanReady planned;

    OutputSight(String directory, CoordinatorEpoch epoch, ActorRef<TaskProtocol.Wire> replyTo) {
        this.directory = directory;
        this.epoch = epoch;
        this.replyTo = replyTo;
    }

    /**
     * Starts anew with a plan attempt that has claimed the directory. The job goes on with it when the others have
     * answered.
     *
     * @param node its node
     */
    void begin(SchedulerEvent.PlanReady ready, NodeId node) {
        planner = ready.attempt();
        planned = ready;
        seeing.clear();
        blind.clear();
        seeing.add(node);
    }

    /** Returns whether a plan attempt has claimed the directory. */
    boolean hasBegun() {
        return planner != null;
    }

    /** Adds to what a node runs the plan attempt that has ended, but whose job waits for the answers. */
    Set<AttemptId> withPlanner(Set<AttemptId> running) {
        SchedulerEvent.PlanReady waiting = planned;
        if (waiting == null) {
            return running;
        }
        Set<AttemptId> all = new HashSet<>(running);
        all.add(waiting.attempt());
        return all;
    }

    /** Asks every node that has not answered; may be repeated. */
    void ask(Map<NodeId, ActorRef<NodeProtocol.Wire>> agents) {
        AttemptId left = planner;
        if (left != null) {
            agents.forEach((node, agent) -> {
                if (isOpen(node)) {
                    agent.tell(new NodeProtocol.ProbeOutput(epoch, left, directory, replyTo));
                }
            });
        }
    }

    /** Takes an answer. Returns whether the node sees the directory. */
    boolean answered(TaskProtocol.OutputProbed answer) {
        if (answer.problem().isEmpty()) {
            blind.remove(answer.node());
            return seeing.add(answer.node());
        }
        if (!seeing.contains(answer.node())) {
            blind.put(answer.node(), answer.problem());
        }
        return false;
    }

    /** Returns whether a node has not answered. */
    private boolean isOpen(NodeId node) {
        return !seeing.contains(node) && !blind.containsKey(node);
    }

    /**
     * Returns what the scheduler is to be told once all have answered: that the plan is ready, or that the job cannot
     * run. Empty before that, and when it was told.
     *
     * @param withoutTheLate whether the time is over for those who have not answered; they get no attempt until they do
     */
    List<SchedulerEvent> start(Set<NodeId> nodes, boolean withoutTheLate) {
        SchedulerEvent.PlanReady ready = planned;
        List<SchedulerEvent> late = exclude(nodes);
        if (ready == null || !(late.isEmpty() || withoutTheLate)) {
            return List.of();
        }
        planned = null;
        Optional<FailureReport> refusal = refusal();
        if (refusal.isPresent()) {
            return List.of(new SchedulerEvent.FailRequested(refusal.get()));
        }
        List<SchedulerEvent> events = new ArrayList<>(late);
        events.add(ready);
        return events;
    }

    /** Returns the exclusion of every node that has not answered. */
    List<SchedulerEvent> exclude(Set<NodeId> nodes) {
        return nodes.stream()
                .filter(this::isOpen)
                .<SchedulerEvent>map(SchedulerEvent.NodeExcluded::new)
                .toList();
    }

    /** Forgets a node that is gone. */
    void gone(NodeId node) {
        seeing.remove(node);
        blind.remove(node);
    }

    /** Returns why the job cannot run, when a node said that it does not see the directory. */
    private Optional<FailureReport> refusal() {
        if (blind.isEmpty()) {
            return Optional.empty();
        }
        int more = blind.size() - NODES_NAMED;
        return Optional.of(FailureReport.of(
                FailureKind.USER_CODE,
                ErrorCode.OUTPUT_NOT_SHARED,
                "output directory " + directory + " is not the same on every worker: "
                        + blind.entrySet().stream()
                                .limit(NODES_NAMED)
                                .map(entry -> "node " + entry.getKey() + " " + entry.getValue())
                                .collect(Collectors.joining("; "))
                        + (more > 0 ? "; and " + more + " more" : "")
                        + "; expected a file system that all workers share, or a job whose results are handed to its"
                        + " submitter: JobSpec.withOutputAtSubmitter(), or --fetch-output of sampo submit"));
    }
}
