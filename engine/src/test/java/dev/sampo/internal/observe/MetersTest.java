package dev.sampo.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.TaskCounters;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is counted under which name. */
class MetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = new Meters(registry);

    @Test
    void countsLaunchesByPlaceAndWhatRunsNow() {
        meters.attemptLaunched(true);
        meters.attemptLaunched(true);
        meters.attemptLaunched(false);
        meters.attemptFailed(FailureKind.MEMORY);

        assertThat(registry.get("sampo.attempts.launched")
                        .tag("place", "home")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("sampo.attempts.launched")
                        .tag("place", "away")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("sampo.attempts.failed")
                        .tag("kind", "memory")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("sampo.attempts.active").gauge().value()).isEqualTo(2);
    }

    @Test
    void addsUpWhatSucceededAttemptsCounted() {
        meters.attemptLaunched(true);
        meters.attemptSucceeded(new TaskCounters(1, 2, 3, 4, 5, 6, 7, 8, Map.of()));

        assertThat(registry.get("sampo.records.in").counter().count()).isEqualTo(1);
        assertThat(registry.get("sampo.bytes.in").counter().count()).isEqualTo(2);
        assertThat(registry.get("sampo.records.out").counter().count()).isEqualTo(3);
        assertThat(registry.get("sampo.bytes.out").counter().count()).isEqualTo(4);
        assertThat(registry.get("sampo.spilled").counter().count()).isEqualTo(7);
        assertThat(registry.get("sampo.records.skipped").counter().count()).isEqualTo(8);
        assertThat(registry.get("sampo.attempts.active").gauge().value()).isZero();
    }

    @Test
    void aBackEndMayBeAddedLater() {
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        Meters early = new Meters(composite);
        early.attemptLaunched(true);
        SimpleMeterRegistry backEnd = new SimpleMeterRegistry();
        composite.add(backEnd);
        early.attemptLaunched(true);

        assertThat(backEnd.get("sampo.attempts.launched")
                        .tag("place", "home")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(backEnd.get("sampo.attempts.active").gauge().value()).isEqualTo(2);
    }
}
