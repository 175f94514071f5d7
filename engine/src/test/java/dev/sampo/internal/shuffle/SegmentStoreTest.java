package dev.sampo.internal.shuffle;

import static dev.sampo.internal.shuffle.ShuffleFixture.LEAST;
import static dev.sampo.internal.shuffle.ShuffleFixture.bytes;
import static dev.sampo.internal.shuffle.ShuffleFixture.filesUnder;
import static dev.sampo.internal.shuffle.ShuffleFixture.groups;
import static dev.sampo.internal.shuffle.ShuffleFixture.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.shuffle.ShuffleFixture.Rec;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentStoreTest {
    private static final ShuffleSpec TWO = new ShuffleSpec(2, null, KeyGrouping.WHOLE);
    private static final ShuffleSettings SETTINGS = ShuffleSettings.defaults();

    @TempDir
    private Path directory;

    @Test
    void writesToFilesWhatDoesNotFitInMemoryAndReadsTheSame() throws IOException {
        MapOutput first = small();
        try (SegmentStore store = new SegmentStore(SETTINGS, first.storedBytes(), directory.resolve("store"))) {
            store.put(id("a", 0), first);
            store.put(id("a", 1), small());
            assertThat(found(store, id("a", 0)).inMemory()).isTrue();
            MapOutput second = found(store, id("a", 1));
            assertThat(second.inMemory()).isFalse();
            assertThat(second.storedBytes()).isLessThan(first.storedBytes());
            assertThat(store.memoryUsed()).isEqualTo(first.storedBytes());
            for (int p = 0; p < 2; p++) {
                assertThat(groups(List.of(second.segment(p)), TWO, SETTINGS, LEAST, directory))
                        .hasSize(1000)
                        .isEqualTo(groups(List.of(first.segment(p)), TWO, SETTINGS, LEAST, directory));
            }
        }
    }

    @Test
    void leavesNothingBehindWhenAJobIsRemovedOrTheStoreClosed() throws IOException {
        Path kept = directory.resolve("store");
        try (SegmentStore store = new SegmentStore(SETTINGS, 0, kept)) {
            for (int task = 0; task < 10; task++) {
                store.put(id("a", task), small());
                store.put(id("b", task), small());
                store.put(id("c", task), large(directory.resolve("attempt" + task)));
            }
            assertThat(filesUnder(directory)).hasSize(30);
            store.removeJob(new JobId("a"));
            assertThat(filesUnder(directory)).hasSize(20);
            store.removeJob(new JobId("c"));
            assertThat(filesUnder(directory)).hasSize(10);
            assertThat(store.held()).hasSize(10);
            assertThat(store.remove(id("b", 3))).isTrue();
            assertThat(store.remove(id("b", 3))).isFalse();
            assertThat(store.find(id("b", 3))).isNull();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void freesTheMemoryOfWhatIsRemoved() throws IOException {
        try (SegmentStore store = new SegmentStore(SETTINGS, 64 * LEAST, directory)) {
            store.put(id("a", 0), small());
            assertThat(store.memoryUsed()).isPositive();
            store.remove(id("a", 0));
            assertThat(store.memoryUsed()).isZero();
        }
    }

    @Test
    void refusesASecondOutputOfAnAttemptAndAnyWhenClosed() throws IOException {
        SegmentStore store = new SegmentStore(SETTINGS, 64 * LEAST, directory);
        MapOutput first = small();
        store.put(id("a", 0), first);
        assertThatThrownBy(() -> store.put(id("a", 0), large(directory.resolve("again"))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.find(id("a", 0))).isSameAs(first);
        store.close();
        assertThatThrownBy(() -> store.put(id("a", 1), large(directory.resolve("late"))))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED));
        assertThat(store.memoryUsed()).isZero();
        assertThat(filesUnder(directory)).isEmpty();
    }

    @Test
    void namesTheDirectoryItCannotWriteTo() throws IOException {
        Path occupied = Files.writeString(directory.resolve("occupied"), "a file where a directory is expected");
        try (SegmentStore store = new SegmentStore(SETTINGS, 0, occupied)) {
            assertThatThrownBy(() -> store.put(id("a", 0), small()))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SPILL_FAILED))
                    .hasMessageContaining(occupied.toString());
            assertThat(store.held()).isEmpty();
        }
        assertThat(occupied).exists();
    }

    private static MapOutput found(SegmentStore store, AttemptId id) {
        return Objects.requireNonNull(store.find(id), "output");
    }

    private static AttemptId id(String job, int task) {
        return new AttemptId(new TaskId(new JobId(job), 1, task), 0);
    }

    private MapOutput small() throws IOException {
        return output(records(2000, 20), TWO, SETTINGS, LEAST, directory.resolve("unused"));
    }

    private static MapOutput large(Path attempt) throws IOException {
        return output(records(4000, 400), TWO, SETTINGS, LEAST, attempt);
    }

    private static List<Rec> records(int count, int valueBytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Rec(i % 2, bytes("key" + i), new byte[valueBytes]))
                .toList();
    }
}
