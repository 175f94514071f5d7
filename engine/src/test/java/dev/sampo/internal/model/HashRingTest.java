package dev.sampo.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rules of the ring. How well it balances is measured in {@link PlacementMeasurementTest}. */
final class HashRingTest {
    private static final int KEYS = 20_000;

    @Test
    void anyJoinOrderGivesTheSameRing() {
        List<PlacedNode> nodes = nodes(10);
        HashRing ring = HashRing.of(nodes);
        long seed = 4711;
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            List<PlacedNode> shuffled = new ArrayList<>(nodes);
            Collections.shuffle(shuffled, random);
            HashRing joined = HashRing.of(List.of());
            for (PlacedNode node : shuffled) {
                joined = joined.with(node);
            }
            assertThat(joined).as("seed %s round %s", seed, round).isEqualTo(ring);
            for (int key = 0; key < 1_000; key++) {
                assertThat(joined.preference("key-" + key, 4))
                        .as("seed %s round %s key %s", seed, round, key)
                        .isEqualTo(ring.preference("key-" + key, 4));
            }
        }
    }

    @Test
    void removalMovesTheKeysOfTheRemovedNodeOnlyAndToItsSuccessors() {
        HashRing before = HashRing.of(nodes(7));
        NodeId removed = new NodeId("n3#0");
        HashRing after = before.without(removed);
        for (int key = 0; key < KEYS; key++) {
            List<NodeId> preference = before.preference("key-" + key, 2);
            NodeId expected = preference.get(0).equals(removed) ? preference.get(1) : preference.get(0);
            assertThat(after.home("key-" + key)).contains(expected);
        }
    }

    @Test
    void joiningMovesKeysToTheNewNodeOnly() {
        HashRing before = HashRing.of(nodes(7));
        PlacedNode joining = new PlacedNode(new NodeId("late#0"), "late", 4);
        HashRing after = before.with(joining);
        for (int key = 0; key < KEYS; key++) {
            NodeId home = after.home("key-" + key).orElseThrow();
            if (!home.equals(joining.node())) {
                assertThat(before.home("key-" + key)).contains(home);
            }
        }
    }

    @Test
    void restartedNodeTakesItsOldPlace() {
        HashRing before = HashRing.of(nodes(4));
        HashRing after = before.without(new NodeId("n2#0")).with(new PlacedNode(new NodeId("n2#1"), "n2", 4));
        for (int key = 0; key < KEYS; key++) {
            NodeId home = before.home("key-" + key).orElseThrow();
            NodeId expected = home.value().equals("n2#0") ? new NodeId("n2#1") : home;
            assertThat(after.home("key-" + key)).contains(expected);
        }
    }

    @Test
    void shareFollowsWeight() {
        HashRing ring = HashRing.of(List.of(
                new PlacedNode(new NodeId("small"), "small", 4), new PlacedNode(new NodeId("large"), "large", 12)));
        int large = 0;
        for (int key = 0; key < KEYS; key++) {
            large += ring.home("key-" + key).orElseThrow().value().equals("large") ? 1 : 0;
        }
        assertThat((double) large / KEYS).isBetween(0.70, 0.80);
    }

    @Test
    void preferenceNamesEveryNodeOnce() {
        HashRing ring = HashRing.of(nodes(6));
        for (int key = 0; key < 500; key++) {
            assertThat(ring.preference("key-" + key, 100)).hasSize(6).doesNotHaveDuplicates();
        }
        assertThat(ring.preference("key", 0)).isEmpty();
    }

    @Test
    void emptyRingHasNoHome() {
        HashRing empty = new PlacementTable(1, List.of()).ring();
        assertThat(empty.isEmpty()).isTrue();
        assertThat(empty.home("key")).isEmpty();
        assertThat(empty.preference("key", 3)).isEmpty();
    }

    @Test
    void hashIsTheSameInEveryRelease() {
        assertThat(HashRing.hash("")).isEqualTo(HashRing.hash(new byte[0]));
        assertThat(Long.toHexString(HashRing.hash(""))).isEqualTo("e220a8397b1dcdaf");
        assertThat(HashRing.hash("a")).isNotEqualTo(HashRing.hash("a\0"));
        assertThat(HashRing.hash("sampo-engine")).isNotEqualTo(HashRing.hash("sampo-enginf"));
    }

    @Test
    void refusesANodeTwiceAndANodeWithoutWeight() {
        List<PlacedNode> twice = List.of(nodes(1).get(0), nodes(1).get(0));
        assertThatThrownBy(() -> HashRing.of(twice)).hasMessage("node n0#0 is on the ring twice; expected once");
        assertThatThrownBy(() -> new PlacedNode(new NodeId("n"), "n", 0)).hasMessageContaining("weight 0.0");
    }

    private static List<PlacedNode> nodes(int count) {
        List<PlacedNode> nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(new PlacedNode(new NodeId("n" + i + "#0"), "n" + i, 4));
        }
        return nodes;
    }
}
