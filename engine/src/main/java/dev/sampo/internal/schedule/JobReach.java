package dev.sampo.internal.schedule;

import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PlacedNode;
import dev.sampo.internal.model.PlacementTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the nodes can reach of a job's data. A path of the input may exist on some machines only: a task that did not find
 * its input never goes to the same node twice, and when no node of the placement is left for it, the job cannot succeed. A
 * node that does not see the job's output gets no task of it at all. Used by one thread.
 */
final class JobReach {
    private static final int NODES_NAMED = 5;

    private final LeaseBook leases;
    private final Map<Task, Map<NodeId, Miss>> missed = new HashMap<>();
    private final Set<NodeId> excluded = new HashSet<>();
    private List<PlacedNode> nodes = List.of();
    private boolean changed;

    /** What a node said, and in which attempt. */
    record Miss(Attempt attempt, FailureReport report) {}

    /**
     * A task that no node can run.
     *
     * @param last the last node's answer
     * @param report what to tell the user
     */
    record Unreachable(Attempt last, FailureReport report) {}

    JobReach(LeaseBook leases) {
        this.leases = leases;
    }

    /** Notes the nodes there are now. */
    void place(PlacementTable table) {
        nodes = table.nodes();
        changed = true;
    }

    /** Notes that a node was lost or closed. */
    void nodesChanged() {
        changed = true;
    }

    /** Keeps a node from the tasks of the job. */
    void exclude(NodeId node) {
        excluded.add(node);
    }

    /** Lets a node take tasks of the job. */
    void admit(NodeId node) {
        excluded.remove(node);
    }

    /** Returns whether a node may take tasks of the job. */
    boolean isAdmitted(NodeId node) {
        return !excluded.contains(node);
    }

    /** Notes that the node of an attempt cannot reach the task's input. */
    void miss(Attempt attempt, FailureReport report) {
        missed.computeIfAbsent(attempt.task, task -> new LinkedHashMap<>())
                .put(attempt.node(), new Miss(attempt, report));
        changed = true;
    }

    /** Returns whether a task may run on a node, as far as is known. */
    boolean isReachable(Task task, NodeId node) {
        Map<NodeId, Miss> misses = missed.get(task);
        return misses == null || !misses.containsKey(node);
    }

    /** Returns how many nodes may take tasks of the job. */
    int openNodes() {
        return (int) nodes.stream()
                .map(PlacedNode::node)
                .filter(node -> leases.isOpen(node) && isAdmitted(node))
                .count();
    }

    /** Returns whether a node is left that may take a task and on which it has not failed in any way. */
    boolean hasUntriedNode(Task task) {
        return hasUntriedNode(task, node -> true);
    }

    /** Returns whether such a node is left among some. */
    boolean hasUntriedNode(Task task, Predicate<NodeId> among) {
        return nodes.stream()
                .map(PlacedNode::node)
                .filter(among)
                .anyMatch(node ->
                        leases.isOpen(node) && isAdmitted(node) && !task.failedOn(node) && isReachable(task, node));
    }

    /** Returns a task whose input no node there is can reach, if something has changed since the last call. */
    Optional<Unreachable> unreachable() {
        if (!changed) {
            return Optional.empty();
        }
        changed = false;
        missed.keySet().removeIf(task -> task.state == TaskLifecycle.State.DONE);
        return missed.entrySet().stream()
                .filter(entry -> isNowhere(entry.getValue()))
                .min(Map.Entry.comparingByKey())
                .map(entry -> unreachable(entry.getValue()));
    }

    /** While no node is there at all the job waits for one. */
    private boolean isNowhere(Map<NodeId, Miss> misses) {
        List<NodeId> open =
                nodes.stream().map(PlacedNode::node).filter(leases::isOpen).toList();
        return !open.isEmpty() && misses.keySet().containsAll(open);
    }

    private static Unreachable unreachable(Map<NodeId, Miss> misses) {
        List<Miss> all = List.copyOf(misses.values());
        Miss last = all.get(all.size() - 1);
        FailureReport report = last.report;
        if (all.size() == 1) {
            return new Unreachable(last.attempt, report);
        }
        String where = all.stream()
                .limit(NODES_NAMED)
                .map(miss -> "node " + miss.attempt.node() + ": " + miss.report.message())
                .collect(Collectors.joining("; "));
        int more = all.size() - NODES_NAMED;
        return new Unreachable(
                last.attempt,
                new FailureReport(
                        report.kind(),
                        report.code(),
                        "no worker node can read the input: " + where + (more > 0 ? "; and " + more + " more" : ""),
                        report.stackTrace(),
                        report.path(),
                        report.offset(),
                        null));
    }
}
