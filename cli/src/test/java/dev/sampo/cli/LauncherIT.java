package dev.sampo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts the launcher at the root of the repository as a shell would. */
class LauncherIT {
    private static final Path LAUNCHER = Path.of("../sampo").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    /**
     * What a process did.
     *
     * @param exitCode its exit code
     * @param out what it printed on stdout
     * @param err what it printed on stderr
     */
    private record Outcome(int exitCode, String out, String err) {}

    @Test
    void runsFromAnyFolderAndThroughSymbolicLinks() throws Exception {
        Files.writeString(folder.resolve("input"), "to be or not to be\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), LAUNCHER);
        Files.createSymbolicLink(folder.resolve("sampo"), link.getFileName());
        Outcome outcome = start(
                Map.of(), "./sampo", "run", "word-count", "--input", "input", "--output", "out", "--partitions", "1");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEmpty();
        assertThat(folder.resolve("out/part-00000")).hasContent("be\t2\nnot\t1\nor\t1\nto\t2\n");
    }

    @Test
    void handsOptionsToTheJvm() throws Exception {
        Outcome outcome =
                start(Map.of("SAMPO_JAVA_OPTS", "-Xmx64m  -XX:+PrintFlagsFinal"), LAUNCHER.toString(), "--version");
        assertThat(outcome.err()).containsPattern("MaxHeapSize\\s+= 67108864");
    }

    @Test
    void printsResultsOnlyOnStdoutWhateverTheArchive() throws Exception {
        // a collector whose object layout the archive does not fit
        Outcome outcome = start(
                Map.of("SAMPO_JAVA_OPTS", "-XX:-UseCompressedOops -XX:-UseParallelGC -XX:+UseSerialGC"),
                LAUNCHER.toString(),
                "--version");
        assertThat(outcome.out()).matches("sampo \\S+\\R");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void saysInOneLineThatAnInputIsMissing() throws Exception {
        Outcome outcome =
                start(Map.of(), LAUNCHER.toString(), "run", "word-count", "--input", "missing", "--output", "out");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.INPUT.number());
        assertThat(outcome.err()).startsWith("sampo: ").contains("missing").hasLineCount(1);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void saysThatThereIsNoJava() throws Exception {
        Outcome outcome = start(Map.of("JAVA_HOME", folder.toString()), LAUNCHER.toString(), "--version");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo("sampo: no Java at JAVA_HOME=" + folder + "; expected a JDK, with bin/java in it\n");
    }

    @Tag("slow")
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aWorkerSaysOfWhichNodeJobTaskAndAttemptItsLinesAre() throws Exception {
        try (Node seed = new Node("seed", "--port", "0", "--http-port", "0", "--data", "seed-data")) {
            String api = seed.await("Sampo API at (http://\\S+)/");
            String address = seed.await(" is ready at ([^,]+),");
            try (Node worker = new Node("worker", "--seed", address, "--slots", "1", "--data", "worker-data")) {
                String node = worker.await(" is ready at ([^,]+),");
                Outcome failed = start(
                        Map.of(),
                        LAUNCHER.toString(),
                        "submit",
                        "--seed",
                        api,
                        "--id",
                        "lost",
                        "--wait",
                        "word-count",
                        "--input",
                        "missing",
                        "--output",
                        "out");
                assertThat(failed.exitCode()).as(failed.err()).isEqualTo(ExitCode.INPUT.number());
                String attempt = " WARN +" + Pattern.quote(node)
                        + " \\S+ - job=lost task=0-00000 attempt=0 the attempt failed: ";
                assertThat(worker.await(attempt + "(.*)")).contains("missing");
            }
        }
    }

    /** A node that was started by the launcher. */
    private final class Node implements AutoCloseable {
        private final Process process;
        private final BufferedReader lines;
        private final StringBuilder read = new StringBuilder();

        Node(String kind, String... options) throws IOException {
            List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), kind, "--host", "127.0.0.1"));
            command.addAll(List.of(options));
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            lines = process.inputReader();
        }

        /** Reads on to a line in which a pattern occurs, and returns its first group. */
        String await(String pattern) throws IOException {
            Pattern wanted = Pattern.compile(pattern);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read.append(line).append('\n');
                Matcher matcher = wanted.matcher(line);
                if (matcher.find()) {
                    return matcher.group(1);
                }
            }
            throw new AssertionError("the node ended before it said " + pattern + ": " + read);
        }

        @Override
        public void close() throws IOException {
            List<ProcessHandle> all = process.descendants().toList();
            process.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
            lines.close();
        }
    }

    private Outcome start(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher still runs after 5 minutes: " + Files.readString(err));
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
