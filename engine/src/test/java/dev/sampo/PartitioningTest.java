package dev.sampo;

import static dev.sampo.EngineFixture.collect;
import static dev.sampo.EngineFixture.engine;
import static dev.sampo.EngineFixture.lines;
import static dev.sampo.EngineFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.Combiners;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Where keys go. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartitioningTest {
    private final Sampo engine = engine("sampo.slots = 2");

    @TempDir
    Path folder;

    @AfterAll
    void closeEngine() {
        engine.close();
    }

    @Test
    void aPartitionerOfTheJobSaysWhereKeysGo() throws Exception {
        Path output = folder.resolve("by-remainder");
        JobSpec<Long, Long> job = JobSpec.named("partitioner")
                .read(MemoryInput.of(
                        Codecs.LONG, LongStream.range(0, 30).boxed().toList()))
                .map(Long.class, Long.class, (n, out) -> out.emit(n, n))
                .partitions(3)
                .partitionBy((n, partitions) -> (int) (n % partitions))
                .reduce(Long.class, Long.class, Reducers.identity())
                .writeTo(TextOutput.to(output).keysOnly());
        run(engine, job);

        for (int partition = 0; partition < 3; partition++) {
            int remainder = partition;
            assertThat(Files.readAllLines(output.resolve("part-0000" + partition)))
                    .containsExactlyElementsOf(LongStream.range(0, 30)
                            .filter(n -> n % 3 == remainder)
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }

    @Test
    void partsOfARangePartitionedJobAreSortedAsAWhole() throws Exception {
        Random random = new Random(7);
        List<Long> numbers = random.longs(20_000, -1_000_000, 1_000_000).boxed().toList();
        JobSpec<Long, Long> job = JobSpec.named("range")
                .read(MemoryInput.of(Codecs.LONG, numbers))
                .map(Long.class, Long.class, (n, out) -> out.emit(n, 1L))
                .partitions(8)
                .partitionByRange()
                .reduce(Long.class, Long.class, Reducers.identity())
                .writeTo(TextOutput.to(folder.resolve("range")).keysOnly())
                .withSplitBytes(30_000);
        try (JobResult<Long, Long> result = engine.submit(job).await()) {
            assertThat(result.parts())
                    .hasSize(8)
                    .allSatisfy(part -> assertThat(part.records()).isBetween(1_000L, 4_500L));
        }
        List<Long> sorted = new ArrayList<>(numbers);
        Collections.sort(sorted);
        assertThat(lines(folder.resolve("range")))
                .isEqualTo(sorted.stream().map(String::valueOf).toList());
    }

    @Test
    void aRangePartitionedJobWithFewerKeysThanPartitionsIsComplete() throws Exception {
        JobSpec<String, Long> job = JobSpec.named("few-keys")
                .read(MemoryInput.of(Codecs.STRING, Collections.nCopies(100, "the only one")))
                .map(String.class, Long.class, (word, out) -> out.emit(word, 1L))
                .combine(Combiners.sumLong())
                .partitions(4)
                .partitionByRange()
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
        assertThat(collect(engine, job)).containsExactly(Pair.of("the only one", 100L));
    }
}
