package dev.sampo;

import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducers;
import dev.sampo.io.Codecs;
import dev.sampo.io.MemoryInput;
import java.util.stream.LongStream;

/** Jobs that map a few numbers, for tests of what mappers do. */
final class NumbersJob {
    private NumbersJob() {}

    /** One map task that says {@code reached} and waits for a gate. */
    static JobSpec<Long, Long> waitingFor(Shared shared, String gate) {
        return numbers(1, (n, out) -> {
            shared.open("reached");
            shared.await(gate);
            out.emit(n, n);
        });
    }

    /** The numbers from 0, each a map task of its own. */
    static JobSpec<Long, Long> numbers(int count, Mapper<Long, Long, Long> mapper) {
        return oneSplit(count, mapper).withSplitBytes(1);
    }

    static JobSpec<Long, Long> oneSplit(int count, Mapper<Long, Long, Long> mapper) {
        return JobSpec.named("numbers")
                .read(MemoryInput.of(
                        Codecs.LONG, LongStream.range(0, count).boxed().toList()))
                .map(Long.class, Long.class, mapper)
                .partitions(1)
                .reduce(Long.class, Long.class, Reducers.identity())
                .collect();
    }
}
