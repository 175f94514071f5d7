package dev.sampo.internal.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.model.CoordinatorEpoch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ReignsTest {
    private final AtomicLong clock = new AtomicLong(1_000);
    private final Reigns reigns = new Reigns(clock::get);

    @Test
    void aReignHasTheTimeOfDayAsItsEpoch() {
        assertThat(reigns.next()).isEqualTo(new CoordinatorEpoch(1_000));
        clock.set(2_000);
        assertThat(reigns.next()).isEqualTo(new CoordinatorEpoch(2_000));
    }

    @Test
    void reignsOfOneInstantAndOfAClockSetBackAreStillInOrder() {
        reigns.next();
        assertThat(reigns.next()).isEqualTo(new CoordinatorEpoch(1_001));
        clock.set(500);
        assertThat(reigns.next()).isEqualTo(new CoordinatorEpoch(1_002));
    }

    @Test
    void theNextReignIsHigherThanAnyThatANodeHasServed() {
        reigns.know(new CoordinatorEpoch(9_000));
        reigns.know(new CoordinatorEpoch(8_000));
        assertThat(reigns.next()).isEqualTo(new CoordinatorEpoch(9_001));
    }
}
