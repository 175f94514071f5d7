package dev.sampo.internal.schedule;

import static dev.sampo.internal.schedule.SchedulerFixture.N1;
import static dev.sampo.internal.schedule.SchedulerFixture.N2;
import static dev.sampo.internal.schedule.SchedulerFixture.attempt;
import static dev.sampo.internal.schedule.SchedulerFixture.outline;
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
        loseAChainOfOutputsWhoseReaderHasReadThem((lifecycle, from, event) -> taken.add(name(lifecycle, from, event)));
        Map<JobState, Integer> ends = new EnumMap<>(JobState.class);
        int mostInASlot = 0;
        int pairs = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            SimulatedCluster cluster =
                    new SimulatedCluster(seed, (lifecycle, from, event) -> taken.add(name(lifecycle, from, event)));
            try {
                cluster.run();
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
            pairs += cluster.invariants.attempts.pairs;
            mostInASlot = Math.max(mostInASlot, cluster.invariants.slots.most);
            cluster.jobs.values().forEach(job -> ends.merge(job.state(), 1, Integer::sum));
        }
        assertThat(pairs).as("second attempts beside a late one").isGreaterThan(50);
        assertThat(mostInASlot).as("short maps that one slot had at once").isGreaterThan(4);
        Set<String> missed = everyTransition();
        missed.removeAll(taken);
        assertThat(missed).as("transitions that none of %s seeds took", SEEDS).isEmpty();
        assertThat(ends)
                .as("ends of %s seeds", SEEDS)
                .containsKeys(JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED);
        assertThat(ends.get(JobState.SUCCEEDED)).as("ends: %s", ends).isGreaterThan(SEEDS);
    }

    /** Rare by chance: two stages are to be made again, one waits for the other, when their last reader commits. */
    private static void loseAChainOfOutputsWhoseReaderHasReadThem(TransitionObserver observer) {
        SchedulerFixture job = new SchedulerFixture(outline(1, 1), observer)
                .accept(N1, N2)
                .grant(N1)
                .planned(1);
        job.held(attempt(2, 0, 0))
                .on(new SchedulerEvent.NodeDraining(N1))
                .held(attempt(3, 0, 0))
                .grant(N2);
        job.on(new SchedulerEvent.NodeLost(N1)).commitRequested(attempt(4, 0, 0));
        assertThat(job.launched()).containsExactly(attempt(5, 0, 0));
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
