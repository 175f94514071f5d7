package dev.sampo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sampo.api.Broadcast;
import dev.sampo.api.Emitter;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducers;
import dev.sampo.io.MemoryInput;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BroadcastTest {
    private static final AtomicInteger READ = new AtomicInteger();

    @TempDir
    private Path directory = Path.of("");

    private Sampo engine() {
        return Sampo.local(ConfigFactory.parseMap(Map.of("sampo.slots", 2, "sampo.temp-dir", directory.toString())));
    }

    private static Map<String, Long> run(Sampo engine, JobSpec<String, Long> job) throws Exception {
        try (JobResult<String, Long> result = engine.submit(job).await();
                Stream<Pair<String, Long>> records = result.records()) {
            return records.collect(Collectors.toMap(Pair::first, Pair::second, Long::sum, TreeMap::new));
        }
    }

    private static JobSpec<String, Long> job(Mapper<String, String, Long> mapper) {
        return JobSpec.named("broadcast")
                .read(MemoryInput.of(List.of("a", "b", "a")))
                .map(String.class, Long.class, mapper)
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect()
                .withSplitBytes(1);
    }

    /** Counts how often it is deserialized. */
    private static final class Table implements Serializable {
        private static final long serialVersionUID = 1;

        private final HashMap<String, String> names = new HashMap<>(Map.of("a", "alpha", "b", "beta"));

        private Object readResolve() {
            READ.incrementAndGet();
            return this;
        }
    }

    private record Naming(Broadcast<Table> table) implements Mapper<String, String, Long> {
        @Override
        public void map(String key, Emitter<String, Long> out) {
            out.emit(table.value().names.getOrDefault(key, "?"), 1L);
        }
    }

    @Test
    void aValueIsReadOncePerJobByAllAttempts() throws Exception {
        READ.set(0);
        Table table = new Table();
        Broadcast<Table> broadcast = Broadcast.of(table);
        assertThat(broadcast.value()).isSameAs(table);
        try (Sampo engine = engine()) {
            Map<String, Long> expected = Map.of("alpha", 2L, "beta", 1L);
            assertThat(run(engine, job(new Naming(broadcast)))).isEqualTo(expected);
            assertThat(READ).hasValue(1);
            assertThat(run(
                            engine,
                            job((key, out) -> out.emit(broadcast.value().names.getOrDefault(key, "?"), 1L))))
                    .isEqualTo(expected);
            assertThat(READ).hasValue(2);
            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files.filter(Files::isRegularFile)
                                .filter(file -> file.toString().contains("blobs")))
                        .as("nothing is left of a job")
                        .isEmpty();
            }
        }
    }

    @Test
    void aBroadcastMayHoldABroadcast() throws Exception {
        Broadcast<String> inner = Broadcast.of("inner");
        Broadcast<HashMap<String, Broadcast<String>>> outer = Broadcast.of(new HashMap<>(Map.of("x", inner)));
        try (Sampo engine = engine()) {
            assertThat(run(
                            engine,
                            job((key, out) -> out.emit(
                                    outer.value().getOrDefault("x", inner).value() + inner.value(), 1L))))
                    .isEqualTo(Map.of("innerinner", 3L));
        }
    }

    @Test
    void largeCapturedValuesRunToo() throws Exception {
        String large = "x".repeat(1 << 20);
        try (Sampo engine = engine()) {
            assertThat(run(engine, job((key, out) -> out.emit(key, (long) large.length()))))
                    .isEqualTo(Map.of("a", 2L << 20, "b", 1L << 20));
        }
    }

    @Test
    void aValueThatCannotBeSerializedIsNamed() throws IOException {
        ArrayListOf holder = new ArrayListOf();
        try (Sampo engine = engine()) {
            Broadcast<ArrayListOf> broadcast = Broadcast.of(holder);
            assertThatThrownBy(() -> engine.submit(job((key, out) -> out.emit(broadcast.toString(), 1L))))
                    .isInstanceOf(SampoException.class)
                    .hasMessageContaining(Thread.class.getName());
        }
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(file -> !file.equals(directory))).isEmpty();
        }
    }

    private static final class ArrayListOf implements Serializable {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // that is the point
        private final Thread thread = Thread.currentThread();

        @Override
        public String toString() {
            return thread.getName();
        }
    }
}
