package dev.sampo.examples.embedded;

import dev.sampo.Sampo;
import dev.sampo.api.Combiners;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Pair;
import dev.sampo.api.Reducers;
import dev.sampo.io.TextInput;
import java.util.Comparator;

/** Counts the words of a folder inside an ordinary program, and prints the ten most frequent. README quotes it. */
public final class TopWords {
    private TopWords() {}

    // quote
    public static void main(String[] args) throws InterruptedException {
        JobSpec<String, Long> job = JobSpec.named("top-words")
                .read(TextInput.from(args[0]).asStrings())
                .map(String.class, Long.class, (line, out) -> {
                    for (String word : line.split("\\s+")) {
                        out.emit(word, 1L);
                    }
                })
                .combine(Combiners.sumLong())
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
        try (Sampo sampo = Sampo.local();
                var result = sampo.submit(job).await();
                var counts = result.records()) {
            counts.sorted(Comparator.comparing(Pair<String, Long>::second).reversed())
                    .limit(10)
                    .forEach(count -> System.out.println(count.second() + " " + count.first()));
        }
    }
    // end of quote
}
