package dev.sampo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs specs that must not pass, and looks at what the parent makes of them. */
class FailureReportMultiNodeIT {
    @Test
    void aFailingRoleFailsTheTestAndIsNamed() {
        AssertionError error = failureOf(Fixture.class, "workerFails");

        assertThat(error)
                .hasMessageContaining("Fixture.workerFails: failed on [seed, worker]")
                .hasMessageContaining("worker: FAILED")
                .hasMessageContaining("the worker has a reason")
                .hasMessageContaining("seed: CANCELED: worker failed")
                .hasMessageContaining("worker.log");
        assertAllAreGone(Fixture.class, "workerFails");
    }

    @Test
    void aRoleThatEndsByItselfFailsTheTest() {
        assertThat(failureOf(Fixture.class, "workerHalts"))
                .hasMessageContaining("worker: its JVM ended by itself with code 9, without a verdict");
    }

    @Tag("slow")
    @Test
    void aRoleThatShouldHaveEndedFailsTheTest() {
        assertThat(failureOf(Fixture.class, "workerShouldEndButDoesNot"))
                .hasMessageContaining("failed on [worker]")
                .hasMessageContaining("worker: was expected to exit, but lives");
    }

    @Test
    void differentBarriersFailTheTest() {
        assertThat(failureOf(Fixture.class, "rolesDisagreeAboutBarriers")).hasMessageContaining("barrier failed: ");
    }

    @Tag("slow")
    @Test
    void aTimeOutDumpsTheThreadsAndKillsAllNodes() throws IOException {
        AssertionError error = failureOf(HangingFixture.class, "workerHangs");

        assertThat(error)
                .hasMessageContaining("not done after 20 s")
                .hasMessageContaining("Roles that were not done: [worker]");
        Path directory = directory(HangingFixture.class, "workerHangs");
        assertThat(Files.readString(directory.resolve("worker.log")))
                .contains("Full thread dump")
                .contains("FailureReportMultiNodeIT$HangingFixture.workerHangs");
        assertThat(Files.readString(directory.resolve("conductor.log"))).contains("Full thread dump");
        assertAllAreGone(HangingFixture.class, "workerHangs");
    }

    @Test
    void anAssumptionThatDoesNotHoldAbortsTheTest() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Fixture.class, "workerAssumesTooMuch", MultiNode.class.getName()))
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.aborted(1).failed(0));
    }

    private static AssertionError failureOf(Class<?> fixture, String method) {
        List<TestExecutionResult> results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(fixture, method, MultiNode.class.getName()))
                .execute()
                .testEvents()
                .finished()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .toList();
        assertThat(results).hasSize(1);
        Throwable thrown = results.get(0).getThrowable().orElse(null);
        assertThat(thrown).isInstanceOf(AssertionError.class);
        return (AssertionError) thrown;
    }

    private static void assertAllAreGone(Class<?> fixture, String method) {
        String mark = directory(fixture, method).toString();
        assertThat(ProcessHandle.current().descendants())
                .as("no node outlives its run")
                .noneMatch(process -> process.info().commandLine().orElse("").contains(mark));
    }

    private static Path directory(Class<?> fixture, String method) {
        return MultiNodeExtension.baseDirectory().resolve(fixture.getName()).resolve(method);
    }

    @MultiNodeTest(roles = {"seed", "worker"})
    static class Fixture {
        @Test
        void workerFails(MultiNode node) throws Exception {
            node.runOn("worker", () -> Assertions.fail("the worker has a reason"));
            node.barrier("never reached by the worker");
        }

        @Test
        void workerHalts(MultiNode node) throws Exception {
            node.runOn("worker", () -> Runtime.getRuntime().halt(9));
        }

        @Test
        void workerShouldEndButDoesNot(MultiNode node) throws Exception {
            node.runOn("seed", () -> node.expectExit("worker"));
        }

        @Test
        void rolesDisagreeAboutBarriers(MultiNode node) {
            node.barrier("common");
            node.barrier(node.role());
        }

        @Test
        void workerAssumesTooMuch(MultiNode node) throws Exception {
            node.runOn("worker", () -> Assumptions.abort("not today"));
        }
    }

    @MultiNodeTest(
            roles = {"seed", "worker"},
            timeoutSeconds = 20)
    static class HangingFixture {
        @Test
        void workerHangs(MultiNode node) throws Exception {
            node.runOn("worker", () -> {
                while (true) {
                    new CountDownLatch(1).await();
                }
            });
        }
    }
}
