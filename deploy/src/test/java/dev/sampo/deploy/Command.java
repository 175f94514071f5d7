package dev.sampo.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A tool of the machine, run to its end. */
final class Command {
    private final List<String> words;

    private Command(List<String> words) {
        this.words = words;
    }

    static Command of(List<String> words) {
        return new Command(List.copyOf(words));
    }

    /** Returns whether a tool is on the PATH. */
    static boolean isInstalled(String tool) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    /** Runs it, and returns its exit code and what it said on both streams; one that does not end in time is killed. */
    Outcome run(Duration limit, Map<String, String> environment) throws IOException {
        Path output = Files.createTempFile("command", ".log");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException(this + " does not end within " + limit + ":\n" + text(output));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(this + " was interrupted", e);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            return new Outcome(process.exitValue(), text(output));
        } finally {
            Files.delete(output);
        }
    }

    /** Runs it, and returns what it said; it has to succeed. */
    String check(Duration limit, Map<String, String> environment) throws IOException {
        Outcome outcome = run(limit, environment);
        if (outcome.code() != 0) {
            throw new IOException(this + " ends with " + outcome.code() + ":\n" + outcome.output());
        }
        return outcome.output();
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }

    /**
     * How it ended.
     *
     * @param code its exit code
     * @param output what it said
     */
    record Outcome(int code, String output) {}
}
