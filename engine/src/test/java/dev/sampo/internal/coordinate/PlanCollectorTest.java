package dev.sampo.internal.coordinate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.protocol.TaskProtocol.ListedSplit;
import dev.sampo.internal.protocol.TaskProtocol.PlanReady;
import dev.sampo.spi.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PlanCollectorTest {
    private static final AttemptId FIRST = new AttemptId(new TaskId(new JobId("job"), 0, 0), 0);
    private static final AttemptId SECOND = new AttemptId(new TaskId(new JobId("job"), 0, 0), 1);

    private final PlanCollector plan = new PlanCollector();

    @Test
    void putsPagesTogetherWhateverTheirOrderAndHoweverOftenTheyCome() {
        assertThat(plan.add(page(FIRST, 2, 2, 5))).isEmpty();
        assertThat(plan.add(page(FIRST, 2, 2, 5))).isEmpty();
        assertThat(plan.add(page(FIRST, 4, 1, 5))).isEmpty();
        assertThat(plan.add(page(FIRST, 0, 2, 5)).orElseThrow())
                .extracting(split -> split.split().identity())
                .containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void dropsThePagesOfAnAttemptThatAnotherReplaces() {
        assertThat(plan.add(page(FIRST, 0, 2, 3))).isEmpty();
        assertThat(plan.add(page(SECOND, 2, 1, 3))).isEmpty();
        assertThat(plan.add(page(SECOND, 0, 2, 3))).isPresent();
    }

    @Test
    void takesAPlanWithoutSplits() {
        assertThat(plan.add(page(FIRST, 0, 0, 0))).isEqualTo(Optional.of(List.of()));
    }

    private static PlanReady page(AttemptId attempt, int first, int count, int total) {
        List<ListedSplit> splits = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            splits.add(new ListedSplit(0, new Split("" + i, 1, List.of(), new byte[0])));
        }
        return new PlanReady(new CoordinatorEpoch(1), attempt, splits, first, total);
    }
}
