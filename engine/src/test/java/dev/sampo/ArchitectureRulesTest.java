package dev.sampo;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule can fail: the classes below {@link #WRONG} break every one of them, and are reported by name. */
class ArchitectureRulesTest {
    static final String WRONG = "dev.sampo.wrong";

    private static final ArchitectureRules RULES = new ArchitectureRules(WRONG);

    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(WRONG);

    @Test
    void reportsAPackageWithoutARow() {
        assertReports(RULES.everyClassIsInAListedPackage(), "wrong.internal.util.TextUtil");
    }

    @Test
    void reportsAnImportAcrossTheTwoHalves() {
        assertReports(RULES.importsOnlyWhatItsRowAllows("internal.plan"), "internal.execute.WrongRunner");
        assertReports(RULES.controlSideDoesNotImportDataSide(), "internal.execute.WrongRunner");
        assertReports(RULES.dataSideDoesNotImportControlSide(), "internal.plan.WrongPlanner");
    }

    @Test
    void reportsALibraryThatTheRowDoesNotName() {
        assertReports(RULES.importsOnlyWhatItsRowAllows("internal.plan"), "org.slf4j.Logger");
        assertReports(RULES.importsOnlyWhatItsRowAllows("internal.plan"), "org.apache.pekko.actor.typed.ActorRef");
        assertReports(RULES.importsOnlyWhatItsRowAllows("internal.plan"), "com.sun.management");
    }

    @Test
    void allowsWhatTheRowNames() {
        assertThat(violationsOf(RULES.importsOnlyWhatItsRowAllows("internal.execute")))
                .allMatch(v -> v.contains("internal.plan"));
    }

    @Test
    void reportsACycle() {
        assertReports(RULES.noCyclesBetweenInternalPackages(), "Slice execute", "Slice plan");
    }

    @Test
    void reportsPekkoInThePureCore() {
        assertReports(RULES.pureCoreDoesNotImportPekko(), "WrongPlanner", "org.apache.pekko.actor.typed.ActorRef");
    }

    @Test
    void reportsAnInternalTypeInAPublicSignature() {
        assertReports(RULES.publicSignaturesDoNotMentionInternalTypes(), "LeakingJob", "internal.plan.WrongPlanner");
    }

    @Test
    void reportsClocksRandomnessAndWaits() {
        assertReports(
                RULES.clocksRandomnessAndWaitsAreRuntimeOnly(),
                "java.time.Instant.now()",
                "java.lang.System.nanoTime()",
                "java.util.Random.<init>()",
                "java.util.concurrent.CompletableFuture.join()");
    }

    @Test
    void allowsASeededGenerator() {
        assertThat(violationsOf(RULES.clocksRandomnessAndWaitsAreRuntimeOnly()))
                .noneMatch(v -> v.contains("java.util.Random.<init>(long)"));
    }

    @Test
    void reportsNamesAndPackagesThatSayNothing() {
        assertReports(RULES.namesSayWhatAClassIs(), "TextUtil");
        assertReports(RULES.noDumpingGroundPackages(), "TextUtil");
    }

    @Test
    void reportsAnOpenActorInAPackageOfRules() {
        assertReports(
                RULES.actorsAreClosedAndLiveWhereActorsLive(),
                "WrongActor is not final",
                "WrongActor is an actor outside",
                "WrongActor.<init>",
                "WrongActor.count is public and mutable");
    }

    @Test
    void reportsStaticMutableState() {
        assertReports(RULES.noStaticMutableState(), "TextUtil.calls is static and not final", "TextUtil.CACHE");
    }

    @Test
    void reportsATestThatWouldNeverRun() {
        assertReports(RULES.testClassesAreNamedSoThatTheyRun(), "PlannerCases");
    }

    private static void assertReports(ArchRule rule, String... fragments) {
        List<String> violations = violationsOf(rule);
        assertThat(violations).as("violations of: %s", rule.getDescription()).isNotEmpty();
        assertThat(String.join("\n", violations)).contains(fragments);
    }

    private static List<String> violationsOf(ArchRule rule) {
        return rule.evaluate(CLASSES).getFailureReport().getDetails();
    }
}
