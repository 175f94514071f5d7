package dev.sampo.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SlotAllocatorTest {
    private static final JobId A = new JobId("a");
    private static final JobId B = new JobId("b");
    private static final JobId C = new JobId("c");
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");

    private final SlotAllocator slots = new SlotAllocator(Map.of("default", 1.0, "heavy", 3.0));

    @Test
    void grantsWhatAJobWantsFromTheNodesWithTheMostFreeSlots() {
        slots.nodeUp(N1, 2);
        slots.nodeUp(N2, 4);
        slots.jobSubmitted(A, "default", 0);
        List<SlotLease> leases = leases(slots.demandChanged(A, 4));
        assertThat(leases).extracting(SlotLease::node).containsExactly(N2, N2, N1, N2);
        assertThat(leases).extracting(SlotLease::id).doesNotHaveDuplicates();
        assertThat(slots.free()).isEqualTo(2);
        assertThat(slots.capacity()).isEqualTo(6);
    }

    @Test
    void sharesByTheWeightsOfQueuesAndGivesWhatOneJobDoesNotWantToTheOthers() {
        slots.jobSubmitted(A, "default", 0);
        slots.jobSubmitted(B, "heavy", 0);
        slots.jobSubmitted(C, "heavy", 0);
        slots.demandChanged(A, 100);
        slots.demandChanged(B, 100);
        slots.demandChanged(C, 2);
        slots.nodeUp(N1, 20);
        assertThat(slots.granted(A)).isEqualTo(5);
        assertThat(slots.granted(B)).isEqualTo(13);
        assertThat(slots.granted(C)).isEqualTo(2);
    }

    @Test
    void aJobGetsNoSlotOfANodeThatItHasSetAsideAndOthersDo() {
        slots.jobSubmitted(A, "default", 0);
        slots.jobSubmitted(B, "default", 0);
        slots.nodeSetAside(A, N1, true);
        slots.demandChanged(A, 3);
        assertThat(slots.nodeUp(N1, 2)).isEmpty();
        assertThat(leases(slots.demandChanged(B, 1)))
                .extracting(SlotLease::node)
                .containsExactly(N1);
        assertThat(leases(slots.nodeUp(N2, 1))).extracting(SlotLease::node).containsExactly(N2);
        assertThat(slots.granted(A)).isEqualTo(1);
        assertThat(leases(slots.nodeSetAside(A, N1, false)))
                .extracting(SlotLease::node)
                .containsExactly(N1);
        assertThat(slots.granted(A)).isEqualTo(2);
    }

    @Test
    void servesTheJobSubmittedFirstWhereJobsAreEqual() {
        slots.jobSubmitted(B, "default", 0);
        slots.jobSubmitted(A, "default", 0);
        slots.demandChanged(A, 1);
        slots.demandChanged(B, 1);
        assertThat(slots.nodeUp(N1, 1).get(0).job()).isEqualTo(B);
        assertThat(slots.granted(A)).isZero();
    }

    @Test
    void limitsAJobThatHasMoreThanItsShareUntilTheOtherHasItsOwn() {
        slots.nodeUp(N1, 4);
        slots.jobSubmitted(A, "default", 0);
        List<SlotLease> leases = leases(slots.demandChanged(A, 10));
        slots.jobSubmitted(B, "default", 0);
        assertThat(slots.demandChanged(B, 10)).containsExactly(new SlotDecision.Cap(A, 2), new SlotDecision.Cap(B, 2));
        assertThat(leases(slots.slotReleased(leases.get(0)))).hasSize(1);
        assertThat(slots.slotReleased(leases.get(1)))
                .contains(new SlotDecision.Cap(A, Integer.MAX_VALUE), new SlotDecision.Cap(B, Integer.MAX_VALUE));
        assertThat(slots.granted(B)).isEqualTo(2);
    }

    @Test
    void forgetsLeasesOfALostNodeAndGrantsNothingThereAgain() {
        slots.nodeUp(N1, 2);
        slots.jobSubmitted(A, "default", 0);
        List<SlotLease> leases = leases(slots.demandChanged(A, 2));
        slots.nodeDown(N1);
        assertThat(slots.granted(A)).isZero();
        assertThat(slots.capacity()).isZero();
        assertThat(slots.slotReleased(leases.get(0))).isEmpty();
        assertThat(slots.nodeUp(N1, 2)).as("a lost node id does not come back").isEmpty();
        assertThat(leases(slots.nodeUp(N2, 1))).hasSize(1);
    }

    @Test
    void grantsNothingOnADrainingNode() {
        slots.nodeUp(N1, 2);
        slots.jobSubmitted(A, "default", 0);
        List<SlotLease> leases = leases(slots.demandChanged(A, 1));
        slots.nodeDraining(N1);
        assertThat(slots.demandChanged(A, 2)).isEmpty();
        assertThat(slots.slotReleased(leases.get(0))).isEmpty();
        assertThat(slots.capacity()).isZero();
        slots.nodeDown(N1);
        assertThat(slots.capacity()).isZero();
    }

    @Test
    void countsALostSlotOnceWhetherItIsLeasedFreeOrLeasedToAnotherByNow() {
        slots.nodeUp(N1, 3);
        slots.jobSubmitted(A, "default", 0);
        List<SlotLease> leases = leases(slots.demandChanged(A, 2));
        slots.slotLost(N1, leases.get(0));
        assertThat(slots.capacity()).isEqualTo(2);
        assertThat(slots.granted(A)).as("another slot takes its place").isEqualTo(2);
        slots.slotLost(N1, null);
        slots.slotReleased(leases.get(1));
        assertThat(slots.capacity()).isEqualTo(1);
        assertThat(slots.granted(A)).isEqualTo(1);
        slots.slotLost(N2, null);
        assertThat(slots.capacity()).isEqualTo(1);
    }

    @Test
    void freesEverythingOfAJobThatEnded() {
        slots.nodeUp(N1, 2);
        slots.jobSubmitted(A, "default", 0);
        slots.jobSubmitted(B, "default", 0);
        slots.demandChanged(A, 2);
        slots.demandChanged(B, 2);
        slots.jobEnded(A);
        assertThat(slots.granted(A)).isZero();
        assertThat(slots.granted(B)).isEqualTo(2);
        assertThat(slots.demandChanged(A, 5)).isEmpty();
    }

    @Test
    void givesTheSlotsOfAQueueToItsJobsOfTheHighestPriorityFirst() {
        slots.jobSubmitted(A, "default", 0);
        slots.jobSubmitted(B, "default", 5);
        slots.jobSubmitted(C, "default", 5);
        slots.demandChanged(A, 10);
        slots.demandChanged(B, 3);
        slots.demandChanged(C, 3);
        slots.nodeUp(N1, 4);
        assertThat(slots.granted(A)).isZero();
        assertThat(slots.granted(B)).isEqualTo(2);
        assertThat(slots.granted(C)).isEqualTo(2);
        slots.nodeUp(N2, 4);
        assertThat(slots.granted(A)).isEqualTo(2);
    }

    @Test
    void hasAJobOfLowerPriorityGiveAllItsSlotsToOneOfAHigherThatWantsThem() {
        slots.nodeUp(N1, 2);
        slots.jobSubmitted(A, "default", 0);
        slots.demandChanged(A, 9);
        slots.jobSubmitted(B, "default", 1);
        assertThat(slots.demandChanged(B, 9)).contains(new SlotDecision.Cap(A, 0), new SlotDecision.Cap(B, 2));
    }

    @Test
    void letsJobsTakeTurnsOnASlotThatTheyHaveToShare() {
        List<JobId> turns = new ArrayList<>();
        slots.jobSubmitted(A, "default", 0);
        slots.jobSubmitted(B, "default", 0);
        slots.demandChanged(A, 99);
        List<SlotLease> held = leases(slots.nodeUp(N1, 1));
        assertThat(slots.demandChanged(B, 99)).contains(new SlotDecision.Cap(A, 0));
        for (int turn = 0; turn < 6; turn++) {
            List<SlotDecision> next = slots.slotReleased(held.get(0));
            held = leases(next);
            turns.add(next.get(0).job());
        }
        assertThat(turns).containsExactly(B, A, B, A, B, A);
    }

    @Test
    void letsQueuesTakeTurnsInProportionToTheirWeights() {
        int heavy = 0;
        slots.jobSubmitted(A, "default", 0);
        slots.jobSubmitted(B, "heavy", 0);
        slots.demandChanged(A, 999);
        slots.demandChanged(B, 999);
        List<SlotLease> held = leases(slots.nodeUp(N1, 1));
        for (int turn = 0; turn < 100; turn++) {
            List<SlotDecision> next = slots.slotReleased(held.get(0));
            held = leases(next);
            heavy += next.get(0).job().equals(B) ? 1 : 0;
        }
        assertThat(heavy).isBetween(74, 76);
    }

    @Test
    void grantsALostSlotAgainWhenItComesBack() {
        slots.nodeUp(N1, 1);
        slots.jobSubmitted(A, "default", 0);
        List<SlotLease> leases = leases(slots.demandChanged(A, 1));
        slots.slotLost(N1, leases.get(0));
        assertThat(slots.capacity()).isZero();
        assertThat(leases(slots.slotsLost(N1, 0))).hasSize(1);
        assertThat(slots.capacity()).isEqualTo(1);
    }

    @Test
    void refusesAnUnknownQueueAndAQueueWithoutWeight() {
        assertThatThrownBy(() -> slots.jobSubmitted(A, "nightly", 0))
                .hasMessage("job a in queue nightly; expected one of [default, heavy]");
        assertThatThrownBy(() -> new SlotAllocator(Map.of("default", 0.0)))
                .hasMessage("queue default with weight 0.0; expected a finite weight above 0");
    }

    private static List<SlotLease> leases(List<SlotDecision> decisions) {
        List<SlotLease> leases = new ArrayList<>();
        decisions.forEach(decision -> {
            if (decision instanceof SlotDecision.Grant grant) {
                leases.add(grant.lease());
            }
        });
        return leases;
    }
}
