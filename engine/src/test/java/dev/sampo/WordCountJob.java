package dev.sampo;

import dev.sampo.api.Combiners;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducers;
import dev.sampo.io.MemoryInput;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The smallest job that does everything: maps, combines, shuffles, reduces and collects. */
public final class WordCountJob {
    private static final List<String> LINES = List.of("to be or", "not to be");

    private WordCountJob() {}

    /** What {@link #run} returns when all is well. */
    public static final Map<String, Long> EXPECTED = Map.of("to", 2L, "be", 2L, "or", 1L, "not", 1L);

    /** Describes the job. */
    public static JobSpec<String, Long> spec() {
        return JobSpec.named("words")
                .read(MemoryInput.of(LINES))
                .map(String.class, Long.class, (line, out) -> {
                    for (String word : line.split(" ")) {
                        out.emit(word, 1L);
                    }
                })
                .combine(Combiners.sumLong())
                .partitions(2)
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
    }

    /** Runs the job and closes its result. */
    public static Map<String, Long> run(Sampo engine) throws InterruptedException {
        Map<String, Long> counts = new TreeMap<>();
        try (var result = engine.submit(spec()).await();
                Stream<Pair<String, Long>> records = result.records()) {
            records.forEach(pair -> counts.put(pair.first(), pair.second()));
        }
        return counts;
    }
}
