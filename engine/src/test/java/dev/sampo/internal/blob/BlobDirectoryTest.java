package dev.sampo.internal.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.blob.BlobDirectory.Turn;
import dev.sampo.internal.model.DataAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobDirectoryTest {
    private static final String BLOB = "0f".repeat(32);
    private static final int AT_ONCE = 2;
    private static final DataAddress SEED = node(0);

    private final BlobDirectory directory = new BlobDirectory(SEED, AT_ONCE);

    private static DataAddress node(int number) {
        return new DataAddress("node-" + number, 1);
    }

    private static Turn turn(int to, int from) {
        return new Turn(BLOB, node(to), node(from));
    }

    @Test
    void theSeedServesAFewAtOnceAndTheOthersWait() {
        assertThat(directory.wanted(BLOB, node(1))).containsExactly(turn(1, 0));
        assertThat(directory.wanted(BLOB, node(2))).containsExactly(turn(2, 0));
        assertThat(directory.wanted(BLOB, node(3))).isEmpty();
        assertThat(directory.wanted(BLOB, node(4))).isEmpty();
        // who has finished gives it on, before the seed gives it once more
        assertThat(directory.held(BLOB, node(1))).containsExactly(turn(3, 1), turn(4, 1));
    }

    @Test
    void aWishThatIsRepeatedIsAnsweredAgain() {
        assertThat(directory.wanted(BLOB, node(1))).containsExactly(turn(1, 0));
        assertThat(directory.wanted(BLOB, node(1))).containsExactly(turn(1, 0));
        assertThat(directory.wanted(BLOB, node(2))).containsExactly(turn(2, 0));
    }

    @Test
    void aNodeIsSentToAnotherHolderWhenItsHolderDies() {
        directory.wanted(BLOB, node(1));
        directory.held(BLOB, node(1));
        assertThat(directory.wanted(BLOB, node(2))).containsExactly(turn(2, 1));
        assertThat(directory.missed(BLOB, node(2), node(1))).containsExactly(turn(2, 0));
        assertThat(directory.gone(node(1))).isEmpty();
        assertThat(directory.held(BLOB, node(2))).isEmpty();
        assertThat(directory.wanted(BLOB, node(3))).containsExactly(turn(3, 2));
    }

    @Test
    void aNodeThatMissedAllHoldersTriesThemAgain() {
        directory.wanted(BLOB, node(1));
        assertThat(directory.missed(BLOB, node(1), SEED)).containsExactly(turn(1, 0));
    }

    @Test
    void aHolderThatHangsCostsAFewNodesItsTimeLimitAndNotEachOfThem() {
        hold(1); // and hangs from now on
        List<Turn> running = new ArrayList<>();
        for (int node = 2; node <= 100; node++) {
            running.addAll(directory.wanted(BLOB, node(node)));
        }
        int hung = 0;
        int reached = 0;
        while (!running.isEmpty()) {
            List<Turn> next = new ArrayList<>();
            for (Turn turn : running) {
                if (turn.from().equals(node(1))) {
                    hung++;
                    next.addAll(directory.missed(BLOB, turn.to(), turn.from()));
                } else {
                    reached++;
                    next.addAll(directory.held(BLOB, turn.to()));
                }
            }
            running = next;
        }
        assertThat(reached).isEqualTo(99);
        assertThat(hung).as("nodes that waited for a holder that hangs").isLessThanOrEqualTo(4);
    }

    @Test
    void aHolderThatFailedIsAskedWhenNobodyElseHasTheBlob() {
        directory.wanted(BLOB, node(1));
        assertThat(directory.missed(BLOB, node(1), SEED)).containsExactly(turn(1, 0));
        assertThat(directory.wanted(BLOB, node(2)))
                .as("it shows with one copy that it can give again")
                .isEmpty();
        directory.gone(node(1));
        assertThat(directory.wanted(BLOB, node(2))).containsExactly(turn(2, 0));
    }

    private void hold(int number) {
        directory.wanted(BLOB, node(number));
        directory.held(BLOB, node(number));
    }

    @Test
    void aLateWordOfATurnThatIsOverChangesNothing() {
        directory.wanted(BLOB, node(1));
        directory.held(BLOB, node(1));
        assertThat(directory.missed(BLOB, node(1), SEED)).isEmpty();
    }

    @Test
    void aTurnWhoseEndGotLostIsTakenToBeOver() {
        directory.wanted(BLOB, node(1));
        directory.wanted(BLOB, node(2));
        List<Turn> turns = new ArrayList<>();
        for (int asked = 0; asked < 20; asked++) {
            turns.addAll(directory.wanted(BLOB, node(3)));
        }
        assertThat(turns).contains(turn(3, 0));
    }

    @Test
    void theTurnOfANodeThatIsGoneIsFree() {
        directory.wanted(BLOB, node(1));
        directory.wanted(BLOB, node(2));
        assertThat(directory.wanted(BLOB, node(3))).isEmpty();
        assertThat(directory.gone(node(1))).containsExactly(turn(3, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10, 100, 1_000})
    void noHolderServesManyCopiesAndAllAreServedInFewRounds(int nodes) {
        Map<DataAddress, Integer> served = new HashMap<>();
        List<Turn> running = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            running.addAll(directory.wanted(BLOB, node(node)));
        }
        int rounds = 0;
        int reached = 0;
        while (!running.isEmpty()) {
            rounds++;
            List<Turn> next = new ArrayList<>();
            for (Turn turn : running) {
                served.merge(turn.from(), 1, Integer::sum);
                reached++;
                next.addAll(directory.held(BLOB, turn.to()));
            }
            running = next;
        }
        double log = Math.log(nodes) / Math.log(2);
        assertThat(reached).isEqualTo(nodes);
        assertThat(served.values()).allMatch(copies -> copies <= log + AT_ONCE);
        assertThat(rounds).isLessThanOrEqualTo((int) Math.ceil(log) + 2);
    }

    @Test
    void everyNodeThatStaysGetsItsCopyWhateverDies() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            BlobDirectory tested = new BlobDirectory(SEED, AT_ONCE);
            int nodes = 1 + random.nextInt(40);
            Set<DataAddress> alive = new HashSet<>();
            Set<DataAddress> done = new HashSet<>(Set.of(SEED));
            Deque<Turn> running = new ArrayDeque<>();
            for (int node = 1; node <= nodes; node++) {
                alive.add(node(node));
                running.addAll(tested.wanted(BLOB, node(node)));
            }
            while (!running.isEmpty()) {
                Turn turn = running.poll();
                if (!alive.contains(turn.to())) {
                    continue;
                }
                if (random.nextInt(10) == 0) {
                    alive.remove(turn.to());
                    done.remove(turn.to());
                    running.addAll(tested.gone(turn.to()));
                } else if (!done.contains(turn.from())) {
                    running.addAll(tested.missed(BLOB, turn.to(), turn.from()));
                } else {
                    done.add(turn.to());
                    running.addAll(tested.held(BLOB, turn.to()));
                }
            }
            assertThat(done).as("seed %d, run %d", seed, run).containsAll(alive);
        }
    }
}
