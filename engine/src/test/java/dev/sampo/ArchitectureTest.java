package dev.sampo;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the engine to its architecture, from the first commit and with no exception. */
class ArchitectureTest {
    private static final String ROOT = "dev.sampo";

    private static final ArchitectureRules RULES = new ArchitectureRules(ROOT);

    /** Not ArchUnit's own option for this: it knows target/test-classes only, and a build may have another folder. */
    private static final ImportOption IN_TEST_CLASSES = location -> location.contains("/test-classes/");

    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(location -> !IN_TEST_CLASSES.includes(location))
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages(ROOT);

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(IN_TEST_CLASSES)
            .withImportOption(location -> !location.contains("/" + ArchitectureRulesTest.WRONG.replace('.', '/') + "/"))
            .importPackages(ROOT);

    @Test
    void theRulesSeeTheEngineAndItsTests() {
        assertThat(ENGINE).extracting(JavaClass::getName).contains("dev.sampo.spi.Codec");
        assertThat(TESTS).extracting(JavaClass::getName).contains(ArchitectureTest.class.getName());
    }

    @Test
    void everyClassIsInAListedPackage() {
        RULES.everyClassIsInAListedPackage().check(ENGINE);
    }

    static Collection<String> packages() {
        return RULES.packages();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("packages")
    void aPackageImportsOnlyWhatItsRowAllows(String name) {
        RULES.importsOnlyWhatItsRowAllows(name).check(ENGINE);
    }

    @Test
    void noCyclesBetweenInternalPackages() {
        RULES.noCyclesBetweenInternalPackages().check(ENGINE);
    }

    @Test
    void controlSideDoesNotImportDataSide() {
        RULES.controlSideDoesNotImportDataSide().check(ENGINE);
    }

    @Test
    void dataSideDoesNotImportControlSide() {
        RULES.dataSideDoesNotImportControlSide().check(ENGINE);
    }

    @Test
    void pureCoreDoesNotImportPekko() {
        RULES.pureCoreDoesNotImportPekko().check(ENGINE);
    }

    @Test
    void publicSignaturesDoNotMentionInternalTypes() {
        RULES.publicSignaturesDoNotMentionInternalTypes().check(ENGINE);
    }

    @Test
    void clocksRandomnessAndWaitsAreRuntimeOnly() {
        RULES.clocksRandomnessAndWaitsAreRuntimeOnly().check(ENGINE);
    }

    @Test
    void namesSayWhatAClassIs() {
        RULES.namesSayWhatAClassIs().check(ENGINE);
        RULES.namesSayWhatAClassIs().check(TESTS);
    }

    @Test
    void noDumpingGroundPackages() {
        RULES.noDumpingGroundPackages().check(ENGINE);
        RULES.noDumpingGroundPackages().check(TESTS);
    }

    @Test
    void actorsAreClosedAndLiveWhereActorsLive() {
        RULES.actorsAreClosedAndLiveWhereActorsLive().check(ENGINE);
    }

    @Test
    void noStaticMutableState() {
        RULES.noStaticMutableState().check(ENGINE);
    }

    @Test
    void testClassesAreNamedSoThatTheyRun() {
        RULES.testClassesAreNamedSoThatTheyRun().check(TESTS);
    }

    @Test
    void testsAreJUnit5WithHandWrittenFakes() {
        RULES.testsAreJUnit5().check(TESTS);
    }
}
