package dev.sampo.benchmarks;

import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.examples.sort.RecordSort;
import dev.sampo.examples.wordcount.WordCount;
import dev.sampo.io.RecordInput;
import dev.sampo.io.RecordOutput;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import java.nio.file.Path;

/** The jobs that are measured. Every node has their classes, so nothing is shipped. */
enum Jobs {
    WORD_COUNT {
        @Override
        JobSpec<?, ?> of(Path input, Path output) {
            return WordCount.job(TextInput.from(input), TextOutput.to(output), 0)
                    .withoutShipping();
        }
    },
    SORT {
        @Override
        JobSpec<?, ?> of(Path input, Path output) {
            return RecordSort.job(
                            RecordInput.from(RecordSort.RECORD_BYTES, input.toString()), RecordOutput.to(output), 0)
                    .withoutShipping();
        }
    };

    /** Describes the job. */
    abstract JobSpec<?, ?> of(Path input, Path output);

    /** Describes a job whose map tasks have nothing to do, and whose one reduce task gets nothing. */
    static JobSpec<Long, Long> noOp(EmptySplits input) {
        return JobSpec.named("no-op")
                .read(input)
                .map(Long.class, Long.class, (record, out) -> out.emit(record, record))
                .partitions(1)
                .reduce(Long.class, Long.class, Reducers.identity())
                .collect()
                .withoutShipping();
    }

    /** Describes the same job with a result that goes to a directory, which every node is asked to prove that it sees. */
    static JobSpec<Long, Long> noOp(EmptySplits input, Path output) {
        return JobSpec.named("no-op")
                .read(input)
                .map(Long.class, Long.class, (record, out) -> out.emit(record, record))
                .partitions(1)
                .reduce(Long.class, Long.class, Reducers.identity())
                .writeTo(TextOutput.to(output))
                .withoutShipping();
    }
}
