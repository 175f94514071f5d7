package dev.sampo.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunPlanTest {
    @Test
    void putsTheConductorBeforeTheRoles() {
        assertThat(plan("a", "b").nodes()).containsExactly("conductor", "a", "b");
    }

    @Test
    void refusesNoRoles() {
        assertThatThrownBy(RunPlanTest::plan).hasMessageContaining("has no roles");
    }

    @Test
    void refusesARoleThatIsNamedTwice() {
        assertThatThrownBy(() -> plan("a", "a")).hasMessageContaining("role 'a' of Some.test is named twice");
    }

    @Test
    void refusesTheConductorsName() {
        assertThatThrownBy(() -> plan("conductor")).hasMessageContaining("reserved");
    }

    @Test
    void refusesNamesThatAreNoFileNames() {
        assertThatThrownBy(() -> plan("../a")).hasMessageContaining("role '../a'");
        assertThatThrownBy(() -> plan("a,b")).hasMessageContaining("role 'a,b'");
    }

    private static RunPlan plan(String... roles) {
        return new RunPlan(
                "Some.test", "[engine:x]", List.of(roles), Duration.ofSeconds(1), List.of(), "", Path.of("target"));
    }
}
