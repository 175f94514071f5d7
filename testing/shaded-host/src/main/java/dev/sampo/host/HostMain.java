package dev.sampo.host;

import dev.sampo.Sampo;
import dev.sampo.api.Combiners;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.io.MemoryInput;
import java.util.List;

/** Counts words with an embedded engine, and goes on with its own work when the engine is closed. */
public final class HostMain {
    private HostMain() {}

    public static void main(String[] args) throws InterruptedException {
        JobSpec<String, Long> job = JobSpec.named("words")
                .read(MemoryInput.of(List.of("to be or", "not to be")))
                .map(String.class, Long.class, (line, out) -> {
                    for (String word : line.split(" ")) {
                        out.emit(word, 1L);
                    }
                })
                .combine(Combiners.sumLong())
                .partitions(1)
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
        try (Sampo sampo = Sampo.local();
                var result = sampo.submit(job).await();
                var counts = result.records()) {
            counts.forEach(count -> System.out.println(count.first() + " " + count.second()));
        }
        System.out.println("the host goes on");
    }
}
