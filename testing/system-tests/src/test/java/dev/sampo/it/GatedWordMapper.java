package dev.sampo.it;

import static org.awaitility.Awaitility.await;

import dev.sampo.api.Emitter;
import dev.sampo.api.Mapper;
import dev.sampo.api.TaskContext;
import dev.sampo.io.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Emits lines as they are. Leaves a file per attempt that says in which process it ran; waits for a gate, but for two. */
final class GatedWordMapper implements Mapper<Text, Text, Long> {
    private static final long serialVersionUID = 1;
    private static final int UNGATED = 2;

    private final String directory;

    GatedWordMapper(Path directory) {
        this.directory = directory.toString();
    }

    static void openGate(Path directory) throws IOException {
        Files.createFile(directory.resolve("gate-is-open"));
    }

    /** Returns how many attempts began in a process. */
    static int attemptsIn(Path directory, long pid) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            return (int)
                    names.stream().filter(name -> name.startsWith(pid + ":")).count();
        }
    }

    @Override
    public void open(TaskContext context) throws IOException {
        Path witnesses = Path.of(directory);
        long pid = ProcessHandle.current().pid();
        int before = attemptsIn(witnesses, pid);
        Files.createFile(witnesses.resolve(pid + ":" + context.taskIndex() + "-" + UUID.randomUUID()));
        if (before >= UNGATED) {
            await().atMost(Duration.ofMinutes(4)).until(() -> Files.exists(witnesses.resolve("gate-is-open")));
        }
    }

    @Override
    public void map(Text line, Emitter<Text, Long> out) {
        out.emit(line, 1L);
    }
}
