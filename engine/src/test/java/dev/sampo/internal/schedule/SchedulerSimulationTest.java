package dev.sampo.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.JobState;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Schedulers and the slot allocator in a modelled cluster in which everything goes wrong. To see a failing run again,
 * give its seed, which is in the message, to {@link SimulatedCluster}.
 */
@Tag("simulation")
final class SchedulerSimulationTest {
    private static final int SEEDS = 400;

    @Test
    void keepsItsPromisesWhateverHappensAndTakesEveryTransition() {
        Set<String> taken = new LinkedHashSet<>();
        Map<JobState, Integer> ends = new EnumMap<>(JobState.class);
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedCluster cluster =
                    new SimulatedCluster(seed, (lifecycle, from, event) -> taken.add(name(lifecycle, from, event)));
            try {
                cluster.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
            cluster.jobs.values().forEach(job -> ends.merge(job.state(), 1, Integer::sum));
        }
        assertThat(taken).containsAll(everyTransition());
        assertThat(ends)
                .as("ends of %s seeds", SEEDS)
                .containsKeys(JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED);
        assertThat(ends.get(JobState.SUCCEEDED)).as("ends: %s", ends).isGreaterThan(SEEDS);
    }

    private static Set<String> everyTransition() {
        Set<String> all = new LinkedHashSet<>();
        for (Transitions<?, ?> table : LifecycleTest.TABLES) {
            table.table().keySet().forEach(step -> all.add(name(table.name(), step.from(), step.event())));
        }
        return all;
    }

    private static String name(String lifecycle, Enum<?> from, Enum<?> event) {
        return lifecycle + " " + from + " on " + event;
    }
}
