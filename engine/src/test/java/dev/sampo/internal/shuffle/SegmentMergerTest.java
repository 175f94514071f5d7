package dev.sampo.internal.shuffle;

import static dev.sampo.internal.shuffle.ShuffleFixture.LEAST;
import static dev.sampo.internal.shuffle.ShuffleFixture.bytes;
import static dev.sampo.internal.shuffle.ShuffleFixture.filesUnder;
import static dev.sampo.internal.shuffle.ShuffleFixture.groups;
import static dev.sampo.internal.shuffle.ShuffleFixture.output;
import static dev.sampo.internal.shuffle.ShuffleFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.shuffle.ShuffleFixture.Group;
import dev.sampo.internal.shuffle.ShuffleFixture.Rec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentMergerTest {
    private static final ShuffleSpec ONE = new ShuffleSpec(1, null, KeyGrouping.WHOLE);
    private static final ShuffleSettings SETTINGS = ShuffleSettings.defaults();

    @TempDir
    private Path directory;

    @Test
    void mergesTwentyThousandTinySegmentsInAMebibyte() throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (int task = 0; task < 20_000; task++) {
            segments.add(segment(task, new Rec(0, bytes("all"), bytes("" + task)), rec("key" + task % 1000, "x")));
        }
        try (SegmentMerger merger = merger(segments)) {
            List<Group> groups = groups(merger);
            assertThat(groups).hasSize(1001);
            assertThat(groups.get(0).values()).hasSize(20_000);
            for (int task = 0; task < 20_000; task++) {
                assertThat(groups.get(0).values().get(task)).isEqualTo("" + task);
            }
            assertThat(merger.spills()).isPositive();
            assertThat(merger.recordsRead()).isEqualTo(40_000);
            assertThat(filesUnder(directory)).isNotEmpty();
        }
        assertThat(filesUnder(directory)).isEmpty();
    }

    @Test
    void hasNoGroupsWithoutRecords() throws IOException {
        try (SegmentMerger merger = merger(List.of())) {
            assertThat(merger.nextGroup()).isFalse();
            assertThat(merger.nextGroup()).isFalse();
        }
        try (SegmentMerger merger = merger(List.of(segment(0), segment(1)))) {
            assertThat(merger.nextGroup()).isFalse();
            assertThat(merger.nextValue()).isFalse();
        }
    }

    @Test
    void skipsValuesThatWereNotRead() throws IOException {
        List<Segment> segments = List.of(
                segment(0, rec("a", "1"), rec("a", "2"), rec("b", "3")), segment(1, rec("a", "4"), rec("c", "5")));
        try (SegmentMerger merger = merger(segments)) {
            assertThat(merger.nextGroup()).isTrue();
            assertThat(merger.nextValue()).isTrue();
            assertThat(merger.nextGroup()).isTrue();
            assertThat(key(merger)).isEqualTo("b");
            assertThat(merger.nextGroup()).isTrue();
            assertThat(key(merger)).isEqualTo("c");
            assertThat(merger.nextValue()).isTrue();
            assertThat(text(merger.valueArray(), merger.valueOffset(), merger.valueLength()))
                    .isEqualTo("5");
            assertThat(text(merger.recordKeyArray(), merger.recordKeyOffset(), merger.recordKeyLength()))
                    .isEqualTo("c");
            assertThat(merger.nextValue()).isFalse();
            assertThat(merger.nextValue()).isFalse();
            assertThat(merger.nextGroup()).isFalse();
        }
    }

    @Test
    void tellsEmptyKeysAndZeroBytesApart() throws IOException {
        List<Segment> segments = List.of(
                segment(0, rec("\0\0", "c"), rec("", "a"), rec("\0", "b")),
                segment(1, rec("\0\0\0\0\0\0\0\0\0", ""), rec("", "A"), rec("\0\0\0\0\0\0\0\0", "d")));
        assertThat(groups(segments, ONE, SETTINGS, LEAST, directory))
                .containsExactly(
                        new Group("", List.of("a", "A")),
                        new Group("\0", List.of("b")),
                        new Group("\0\0", List.of("c")),
                        new Group("\0\0\0\0\0\0\0\0", List.of("d")),
                        new Group("\0\0\0\0\0\0\0\0\0", List.of("")));
    }

    @Test
    void refusesRecordsItHasNoMemoryFor() throws IOException {
        Rec large = new Rec(0, bytes("k"), new byte[700_000]);
        Segment segment =
                output(List.of(large), ONE, SETTINGS, 16 * LEAST, directory).segment(0);
        try (SegmentMerger merger = merger(List.of(segment))) {
            assertThatThrownBy(merger::nextGroup)
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RECORD_TOO_LARGE))
                    .hasMessageContaining("700001");
        }
    }

    @Test
    void refusesToReadAfterClose() {
        SegmentMerger merger = merger(List.of());
        merger.close();
        merger.close();
        assertThatThrownBy(merger::nextGroup).isInstanceOf(IllegalStateException.class);
    }

    private SegmentMerger merger(List<Segment> segments) {
        return new SegmentMerger(segments, ONE, SETTINGS, LEAST, directory.resolve("reduce"));
    }

    private Segment segment(int task, Rec... records) throws IOException {
        return output(List.of(records), ONE, SETTINGS, LEAST, directory.resolve("map" + task))
                .segment(0);
    }

    private static Rec rec(String key, String value) {
        return new Rec(0, bytes(key), bytes(value));
    }

    private static String key(SegmentMerger merger) {
        return text(merger.keyArray(), merger.keyOffset(), merger.keyLength());
    }
}
