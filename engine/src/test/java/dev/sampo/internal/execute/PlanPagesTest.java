package dev.sampo.internal.execute;

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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlanPagesTest {
    private static final int PAYLOAD = 64;

    @Test
    void cutsAHundredThousandSplitsIntoPagesFarBelowTheLargestFrame() {
        List<ListedSplit> splits = IntStream.range(0, 100_000)
                .mapToObj(i -> new ListedSplit(0, new Split("file:/data/" + i, 1, List.of(), new byte[PAYLOAD])))
                .toList();
        List<PlanReady> pages = pages(splits);
        List<ListedSplit> all = new ArrayList<>();
        for (PlanReady page : pages) {
            assertThat(page.first()).isEqualTo(all.size());
            assertThat(page.total()).isEqualTo(splits.size());
            assertThat((long) page.splits().size() * PAYLOAD).isLessThan(1 << 20);
            all.addAll(page.splits());
        }
        assertThat(all).isEqualTo(splits);
        assertThat(pages).hasSizeGreaterThan(10);
    }

    @Test
    void sendsOnePageOfAPlanWithoutSplits() {
        assertThat(pages(List.of())).hasSize(1);
    }

    @Test
    void sendsALargeSplitAlone() {
        ListedSplit large = new ListedSplit(0, new Split("large", 1, List.of(), new byte[1 << 20]));
        assertThat(pages(List.of(large, large))).hasSize(2);
    }

    private static List<PlanReady> pages(List<ListedSplit> splits) {
        return PlanPages.of(new CoordinatorEpoch(1), new AttemptId(new TaskId(new JobId("job"), 0, 0), 0), splits);
    }
}
