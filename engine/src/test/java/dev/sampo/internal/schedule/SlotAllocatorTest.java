package dev.sampo.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SlotAllocatorTest {
    private static final JobId A = new JobId("a");
    private static final JobId B = new JobId("b");
    private static final JobId C = new JobId("c");
    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");

    private final SlotAllocator slots = new SlotAllocator();

    @Test
    void grantsWhatAJobWantsFromTheNodesWithTheMostFreeSlots() {
        slots.nodeUp(N1, 2);
        slots.nodeUp(N2, 4);
        slots.jobSubmitted(A, 1);
        List<SlotLease> leases = leases(slots.demandChanged(A, 4));
        assertThat(leases).extracting(SlotLease::node).containsExactly(N2, N2, N1, N2);
        assertThat(leases).extracting(SlotLease::id).doesNotHaveDuplicates();
        assertThat(slots.free()).isEqualTo(2);
        assertThat(slots.capacity()).isEqualTo(6);
    }

    @Test
    void sharesByWeightAndGivesWhatOneJobDoesNotWantToTheOthers() {
        slots.jobSubmitted(A, 1);
        slots.jobSubmitted(B, 3);
        slots.jobSubmitted(C, 1);
        slots.demandChanged(A, 100);
        slots.demandChanged(B, 100);
        slots.demandChanged(C, 2);
        slots.nodeUp(N1, 22);
        assertThat(slots.granted(A)).isEqualTo(5);
        assertThat(slots.granted(B)).isEqualTo(15);
        assertThat(slots.granted(C)).isEqualTo(2);
    }

    @Test
    void servesTheJobSubmittedFirstWhereJobsAreEqual() {
        slots.jobSubmitted(B, 1);
        slots.jobSubmitted(A, 1);
        slots.demandChanged(A, 1);
        slots.demandChanged(B, 1);
        assertThat(slots.nodeUp(N1, 1)).extracting(SlotDecision::job).containsExactly(B);
    }

    @Test
    void limitsAJobThatHasMoreThanItsShareUntilTheOtherHasItsOwn() {
        slots.nodeUp(N1, 4);
        slots.jobSubmitted(A, 1);
        List<SlotLease> leases = leases(slots.demandChanged(A, 10));
        slots.jobSubmitted(B, 1);
        assertThat(slots.demandChanged(B, 10)).containsExactly(new SlotDecision.Cap(A, 2), new SlotDecision.Cap(B, 2));
        assertThat(leases(slots.slotReleased(leases.get(0)))).hasSize(1);
        assertThat(slots.slotReleased(leases.get(1)))
                .contains(new SlotDecision.Cap(A, Integer.MAX_VALUE), new SlotDecision.Cap(B, Integer.MAX_VALUE));
        assertThat(slots.granted(B)).isEqualTo(2);
    }

    @Test
    void forgetsLeasesOfALostNodeAndGrantsNothingThereAgain() {
        slots.nodeUp(N1, 2);
        slots.jobSubmitted(A, 1);
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
        slots.jobSubmitted(A, 1);
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
        slots.jobSubmitted(A, 1);
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
        slots.jobSubmitted(A, 1);
        slots.jobSubmitted(B, 1);
        slots.demandChanged(A, 2);
        slots.demandChanged(B, 2);
        slots.jobEnded(A);
        assertThat(slots.granted(A)).isZero();
        assertThat(slots.granted(B)).isEqualTo(2);
        assertThat(slots.demandChanged(A, 5)).isEmpty();
    }

    @Test
    void refusesAJobWithoutWeight() {
        assertThatThrownBy(() -> slots.jobSubmitted(A, 0)).hasMessage("job a with weight 0.0; expected more than 0");
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
