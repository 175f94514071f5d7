package dev.sampo.testkit;

import java.util.ArrayList;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** Turns the ends of all nodes into the result of the test in the parent. */
final class Judgement {
    private final RunPlan plan;
    private final List<NodeProcess> nodes;
    private final boolean timedOut;

    Judgement(RunPlan plan, List<NodeProcess> nodes, boolean timedOut) {
        this.plan = plan;
        this.nodes = nodes;
        this.timedOut = timedOut;
    }

    /** Returns when all is well; throws one error that names every bad role otherwise. */
    void pronounce() {
        List<String> bad = new ArrayList<>();
        StringBuilder details = new StringBuilder();
        for (NodeProcess node : nodes) {
            String complaint = complaint(node);
            if (!complaint.isEmpty()) {
                bad.add(node.name());
                details.append("\n").append(node.name()).append(": ").append(complaint);
                details.append("\n    log: ").append(node.log());
            }
        }
        if (timedOut) {
            throw new AssertionError(plan.name() + ": not done after "
                    + plan.timeout().toSeconds()
                    + " s; thread dumps of all nodes are in their logs. Roles that were not done: " + bad + details);
        }
        if (!bad.isEmpty()) {
            throw new AssertionError(plan.name() + ": failed on " + bad + details);
        }
        List<NodeProcess> aborted =
                nodes.stream().filter(node -> node.outcome() == Outcome.ABORTED).toList();
        if (!aborted.isEmpty()) {
            throw new TestAbortedException(plan.name() + ": aborted on "
                    + aborted.stream().map(NodeProcess::name).toList() + ": "
                    + aborted.get(0).account());
        }
    }

    /** Returns what is wrong with the node's end, or nothing. */
    private String complaint(NodeProcess node) {
        if (node.name().equals(RunPlan.CONDUCTOR)) {
            return node.hasEnded() && node.exitCode().getAsInt() != 0 ? ending(node) : "";
        }
        if (node.outcome() == Outcome.FAILED || node.outcome() == Outcome.CANCELED) {
            return node.outcome() + ": " + node.account();
        }
        if (node.isEndExpected()) {
            return node.hasEnded() ? "" : "was expected to exit, but lives";
        }
        if (node.outcome() != null) {
            return "";
        }
        return node.hasEnded() ? ending(node) : node.isStarted() ? "has not ended" : "has not started its test";
    }

    private static String ending(NodeProcess node) {
        return "its JVM ended by itself with code " + node.exitCode().getAsInt() + ", without a verdict";
    }
}
