package dev.sampo.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.pekko.routing.ConsistentHash;
import org.junit.jupiter.api.Test;

/**
 * Balance and movement of the ring beside Pekko's {@link ConsistentHash}, for the table of {@code
 * docs/design/001-placement-ring.md}. Everything is a function of fixed names, so the numbers are the same everywhere.
 */
final class PlacementMeasurementTest {
    private static final int KEYS = 100_000;
    private static final int SLOTS = 4;

    @Test
    void balancesBetterThanPekkosDefaultAndMovesOnlyWhatItMust() {
        StringBuilder table = new StringBuilder();
        for (int[] step : new int[][] {{3, 4}, {10, 11}}) {
            Movement ours = measure(step[0], step[1], PlacementMeasurementTest::sampo);
            Movement factor10 = measure(step[0], step[1], nodes -> pekko(nodes, 10));
            Movement factor512 = measure(step[0], step[1], nodes -> pekko(nodes, HashRing.POINTS_PER_WEIGHT * SLOTS));
            double ideal = 1.0 / step[1];
            row(table, step, "Sampo ring", ours, ideal);
            row(table, step, "Pekko, factor 10 (its default)", factor10, ideal);
            row(table, step, "Pekko, factor 512 (as many points)", factor512, ideal);

            assertThat(ours.movedElsewhere())
                    .as("keys that moved between nodes that stayed")
                    .isZero();
            assertThat(ours.moved()).isBetween(0.8 * ideal, 1.2 * ideal);
            assertThat(ours.largest()).as("most loaded node over the mean").isLessThan(1.15);
            assertThat(ours.smallest()).as("least loaded node over the mean").isGreaterThan(0.85);
            assertThat(ours.largest()).isLessThan(factor10.largest());
        }
        System.out.print(table);
    }

    private static void row(StringBuilder table, int[] step, String name, Movement movement, double ideal) {
        table.append(String.format(
                Locale.ROOT,
                "| %d → %d | %s | %.3f | %.3f | %.2f %% | %.2f %% | %d |%n",
                step[0],
                step[1],
                name,
                movement.largest(),
                movement.smallest(),
                100 * movement.moved(),
                100 * ideal,
                movement.movedElsewhere()));
    }

    private static Movement measure(int from, int to, Function<List<String>, Function<String, String>> rings) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < to; i++) {
            names.add("sampo@10.0.0." + (i + 1) + ":2551");
        }
        Function<String, String> before = rings.apply(names.subList(0, from));
        Function<String, String> after = rings.apply(names);
        Map<String, Integer> load = new TreeMap<>();
        int moved = 0;
        int elsewhere = 0;
        for (int key = 0; key < KEYS; key++) {
            String name = "file:/data/logs/2024-01.log@" + key * 33_554_432L;
            String home = after.apply(name);
            load.merge(home, 1, Integer::sum);
            if (!home.equals(before.apply(name))) {
                moved++;
                elsewhere += names.indexOf(home) < from ? 1 : 0;
            }
        }
        double mean = (double) KEYS / to;
        int largest = load.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        int smallest = load.size() < to
                ? 0
                : load.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        return new Movement(largest / mean, smallest / mean, (double) moved / KEYS, elsewhere);
    }

    private static Function<String, String> sampo(List<String> names) {
        HashRing ring = HashRing.of(names.stream()
                .map(name -> new PlacedNode(new NodeId(name), name, SLOTS))
                .toList());
        return key -> ring.home(key).orElseThrow().value();
    }

    private static Function<String, String> pekko(List<String> names, int factor) {
        ConsistentHash<String> ring = ConsistentHash.create(names, factor);
        return ring::nodeFor;
    }

    /**
     * What joining did.
     *
     * @param largest keys of the most loaded node over the mean, after joining
     * @param smallest keys of the least loaded node over the mean, after joining
     * @param moved share of the keys that have another home
     * @param movedElsewhere keys that moved, but not to a node that joined
     */
    private record Movement(double largest, double smallest, double moved, int movedElsewhere) {}
}
