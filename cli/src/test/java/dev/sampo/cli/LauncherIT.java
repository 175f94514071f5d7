package dev.sampo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
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
