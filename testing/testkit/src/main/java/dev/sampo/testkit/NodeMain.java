package dev.sampo.testkit;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.store.Namespace;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The main class of a forked node. Started by {@link MultiNodeExtension} only. */
public final class NodeMain {
    /** Where in the session's store the extension finds the {@link MultiNode} of this JVM. */
    static final Namespace STORE = Namespace.create("dev.sampo.testkit");

    private NodeMain() {}

    /** Runs the node to its end, and the JVM with it. */
    public static void main(String[] arguments) throws IOException {
        NodeOptions options = NodeOptions.fromProperties();
        ParentLink parent = ParentLink.open(options, Thread.currentThread());
        CompletableFuture<ConductedSpec> conductor = new CompletableFuture<>();
        parent.serve(role -> conductor.join().removeFromBarriers(role));
        try {
            ConductedSpec spec = new ConductedSpec(options);
            conductor.complete(spec);
            parent.started();
            if (options.isConductor()) {
                // it holds the barriers, and comes to none
                spec.removeFromBarriers(RunPlan.CONDUCTOR);
            } else {
                runTest(options, new ForkedNode(options, spec, parent), parent);
            }
        } catch (Throwable e) {
            String reason = parent.cancelReason();
            if (reason != null) {
                parent.verdict(Outcome.CANCELED, reason);
            } else {
                parent.verdict(Outcome.FAILED, "the node did not start: " + stackTrace(e));
            }
        }
        parent.awaitStop();
        System.exit(0);
    }

    private static void runTest(NodeOptions options, MultiNode node, ParentLink parent) throws IOException {
        TestResults results = new TestResults();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getStore().put(STORE, MultiNode.class, node);
            session.getLauncher()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectUniqueId(options.uniqueId()))
                                    .build(),
                            results);
        }
        String reason = parent.cancelReason();
        if (results.outcome() == Outcome.FAILED && reason != null) {
            parent.verdict(Outcome.CANCELED, reason);
        } else {
            parent.verdict(results.outcome(), results.account());
        }
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text, true));
        return text.toString().stripTrailing();
    }

    /** Collects what JUnit says, of the test and of the classes around it. */
    private static final class TestResults implements TestExecutionListener {
        private final List<Throwable> failures = new ArrayList<>();
        private final List<String> aborts = new ArrayList<>();
        private int tests;

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            aborts.add(test.getDisplayName() + " is skipped: " + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                tests++;
            }
            Throwable cause = result.getThrowable().orElse(null);
            switch (result.getStatus()) {
                case SUCCESSFUL -> {}
                case ABORTED -> aborts.add(cause == null ? "no reason given" : String.valueOf(cause.getMessage()));
                case FAILED -> failures.add(cause == null ? new AssertionError("no reason given") : cause);
            }
        }

        Outcome outcome() {
            if (!failures.isEmpty()) {
                return Outcome.FAILED;
            }
            if (!aborts.isEmpty()) {
                return Outcome.ABORTED;
            }
            return tests == 1 ? Outcome.PASSED : Outcome.FAILED;
        }

        String account() {
            if (!failures.isEmpty()) {
                return String.join(
                        "\n", failures.stream().map(NodeMain::stackTrace).toList());
            }
            if (!aborts.isEmpty()) {
                return String.join("\n", aborts);
            }
            return tests == 1 ? "" : tests + " tests ran; expected 1 with the id of the parent's";
        }
    }
}
