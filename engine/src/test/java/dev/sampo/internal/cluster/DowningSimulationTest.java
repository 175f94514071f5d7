package dev.sampo.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of all seeds together, in clusters with gossip, slow detectors and bad luck. The seed is in the name. */
class DowningSimulationTest {
    private static final int RUNS = 100;

    static Stream<Long> randomSeeds() {
        return LongStream.range(0, RUNS).boxed();
    }

    @ParameterizedTest(name = "random seed {0}")
    @MethodSource("randomSeeds")
    void noTwoSidesGoOnWhateverLinksBreak(long randomSeed) {
        Random random = new Random(randomSeed);
        SimulatedMembers cluster = new SimulatedMembers(1 + random.nextInt(5), random.nextInt(6), random);
        cluster.run(5);
        int troubles = 1 + random.nextInt(4);
        for (int trouble = 0; trouble < troubles; trouble++) {
            switch (random.nextInt(4)) {
                case 0 -> cluster.partition(cluster.someMembers());
                case 1 -> cluster.breakLink(cluster.someMember(), cluster.someMember());
                case 2 -> cluster.kill(cluster.someMember());
                default -> cluster.flap(cluster.someMember(), 30);
            }
            cluster.run(random.nextInt(8));
        }
        cluster.run(90);

        assertThat(cluster.sidesOfSeeds())
                .as("groups of living seeds that do not hear of one another, random seed %d", randomSeed)
                .hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest(name = "random seed {0}")
    @MethodSource("randomSeeds")
    void theMajorityOfTheSeedsGoesOnInOnePartition(long randomSeed) {
        Random random = new Random(randomSeed);
        int seeds = 1 + 2 * random.nextInt(3);
        SimulatedMembers cluster = new SimulatedMembers(seeds, random.nextInt(6), random);
        cluster.run(5);
        Set<String> side = cluster.someMembers();
        cluster.partition(side);
        cluster.run(30);

        Set<String> larger = new TreeSet<>();
        cluster.seeds().stream()
                .filter(seed -> side.contains(seed) == isLarger(cluster, side))
                .forEach(larger::add);
        assertThat(cluster.livingSeeds()).as("random seed %d", randomSeed).isEqualTo(larger);
    }

    @ParameterizedTest(name = "random seed {0}")
    @MethodSource("randomSeeds")
    void noSeedGoesBecauseOfWorkers(long randomSeed) {
        Random random = new Random(randomSeed);
        SimulatedMembers cluster = new SimulatedMembers(1 + random.nextInt(4), 6, random);
        for (String worker : cluster.workers()) {
            switch (random.nextInt(3)) {
                case 0 -> cluster.flap(worker, 120);
                case 1 -> cluster.kill(worker);
                default -> cluster.partition(Set.of(worker));
            }
            cluster.run(random.nextInt(5));
        }
        cluster.run(60);

        assertThat(cluster.livingSeeds()).isEqualTo(new TreeSet<>(cluster.seeds()));
        assertThat(cluster.knownAlive(cluster.seeds().get(0))).containsExactlyElementsOf(cluster.seeds());
    }

    @ParameterizedTest(name = "random seed {0}")
    @MethodSource("randomSeeds")
    void flappingWorkersDoNotDelayTheDecisionAboutADeadSeed(long randomSeed) {
        double still = secondsUntilTheDeadSeedIsOut(randomSeed, false);
        double flapping = secondsUntilTheDeadSeedIsOut(randomSeed, true);

        // the detector's slowest answer, the time to be stable, gossip, and a step
        assertThat(still).isLessThan(SimulatedMembers.SLOWEST_DETECTION + 3 + 1.5);
        assertThat(flapping).isLessThan(SimulatedMembers.SLOWEST_DETECTION + 3 + 1.5);
    }

    private static double secondsUntilTheDeadSeedIsOut(long randomSeed, boolean flapping) {
        Random random = new Random(randomSeed);
        SimulatedMembers cluster = new SimulatedMembers(3, 4, random);
        cluster.run(2);
        if (flapping) {
            cluster.workers().forEach(worker -> cluster.flap(worker, 120));
            cluster.run(random.nextInt(20));
        }
        cluster.kill("s2");
        double start = cluster.seconds();
        while (cluster.knownAlive("s0").contains("s2") && cluster.seconds() < start + 120) {
            cluster.step();
        }
        return cluster.seconds() - start;
    }

    private static boolean isLarger(SimulatedMembers cluster, Set<String> side) {
        long inside = cluster.seeds().stream().filter(side::contains).count();
        return 2 * inside > cluster.seeds().size();
    }
}
