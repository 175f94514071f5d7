package dev.sampo.multinode;

import static org.awaitility.Awaitility.await;

import dev.sampo.api.Emitter;
import dev.sampo.api.Mapper;
import dev.sampo.api.TaskContext;
import dev.sampo.examples.wordcount.WordMapper;
import dev.sampo.io.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Emits words, leaves a file per attempt that tells on which node it ran, and from the third attempt of a node on waits
 * until the test opens a gate: so a node can be killed when it has finished attempts and is in the middle of one.
 */
final class WitnessedWordMapper implements Mapper<Text, Text, Long> {
    private static final long serialVersionUID = 1;
    private static final int UNGATED = 2;

    private final WordMapper words = new WordMapper();
    private final String directory;

    WitnessedWordMapper(Path directory) {
        this.directory = directory.toString();
    }

    /** Makes the gate open for all. */
    static void openGate(Path directory) throws IOException {
        Files.createFile(gate(directory));
    }

    /** Returns the attempts that began on a node, as {@code task-attempt}, in the order of the tasks. */
    static List<String> attemptsOn(Path directory, String node) throws IOException {
        String prefix = node + ":";
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(prefix.length()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void open(TaskContext context) throws IOException {
        Path witnesses = Path.of(directory);
        String node = System.getProperty(WordCountFailoverMultiNodeIT.NODE, "embedded");
        int before = attemptsOn(witnesses, node).size();
        Files.createFile(witnesses.resolve(
                String.format(Locale.ROOT, "%s:%05d-%d", node, context.taskIndex(), context.attemptNumber())));
        if (before >= UNGATED) {
            await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(gate(witnesses)));
        }
    }

    @Override
    public void map(Text line, Emitter<Text, Long> out) {
        words.map(line, out);
    }

    private static Path gate(Path directory) {
        return directory.resolve("gate-is-open");
    }
}
