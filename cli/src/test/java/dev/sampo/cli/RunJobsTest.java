package dev.sampo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.cli.CliFixture.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunJobsTest {
    @TempDir
    Path folder;

    private Path input;
    private String output;

    @BeforeEach
    void writeInput() throws Exception {
        input = Files.createDirectories(folder.resolve("in"));
        Files.writeString(input.resolve("a.txt"), "to be or\nnot to be\n");
        Files.writeString(Files.createDirectories(input.resolve("sub")).resolve("b.txt"), "be\r\nzoo");
        output = folder.resolve("out").toString();
    }

    @Test
    void countsWords() throws Exception {
        Outcome outcome = run("word-count", "--input", input.toString(), "--partitions", "1");
        assertThat(parts()).isEqualTo("be\t2\nbe\r\t1\nnot\t1\nor\t1\nto\t2\nzoo\t1\n");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("word-count: ", "6 records in 1 part in " + output, "map ", "reduce-1 ");
    }

    @Test
    void findsLines() throws Exception {
        Outcome outcome = run(
                "grep",
                "--pattern",
                "^(to|be)",
                "--input",
                input + "/a.txt",
                input + "/sub/*.txt",
                "--partitions",
                "3");
        assertThat(parts()).isEqualTo("to be or\nbe\r\n");
        assertThat(outcome.err()).contains("matching-lines: 2");
    }

    @Test
    void sortsLines() throws Exception {
        run("sort", "--input", input.toString());
        assertThat(parts()).isEqualTo("be\r\nnot to be\nto be or\nzoo\n");
    }

    @Test
    void sortsRecords() throws Exception {
        Path records = folder.resolve("records");
        Files.writeString(records, "B".repeat(100) + "A".repeat(100));
        run("sort", "--format", "records", "--input", records.toString());
        assertThat(parts()).isEqualTo("A".repeat(100) + "B".repeat(100));
    }

    @Test
    void indexesFiles() throws Exception {
        run("inverted-index", "--input", input.toString(), "--partitions", "1");
        assertThat(parts()).isEqualTo("be\ta.txt\nbe\r\tsub/b.txt\nnot\ta.txt\nor\ta.txt\nto\ta.txt\nzoo\tsub/b.txt\n");
    }

    @Test
    void joinsFiles() throws Exception {
        String left = Files.writeString(folder.resolve("left"), "1\ta\n2\tb\n").toString();
        String right =
                Files.writeString(folder.resolve("right"), "1\tx\n1\ty\n").toString();
        run("join", "--left", left, "--right", right, "--partitions", "1");
        assertThat(parts()).isEqualTo("1\ta\tx\n1\ta\ty\n");
    }

    @Test
    void findsTheMostFrequentWords() throws Exception {
        run("top-n", "--n", "2", "--input", input.toString());
        assertThat(parts()).isEqualTo("be\t2\nto\t2\n");
    }

    @Test
    void succeedsOnEmptyInput() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty"));
        run("word-count", "--input", empty.toString());
        assertThat(parts()).isEmpty();
    }

    @Test
    void overwritesWhenAskedTo() throws Exception {
        run("word-count", "--input", input.toString());
        Outcome refused =
                CliFixture.run("run", "word-count", "--input", input + "/sub/b.txt", "--output", output, "--quiet");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.OUTPUT.number());
        assertThat(refused.err())
                .startsWith("sampo: ")
                .contains(output, "expected")
                .doesNotContain("\tat ");
        run("word-count", "--input", input + "/sub/b.txt", "--overwrite", "--partitions", "1");
        assertThat(parts()).isEqualTo("be\r\t1\nzoo\t1\n");
    }

    @Test
    void printsNothingWhenQuiet() {
        Outcome outcome = run("word-count", "--input", input.toString(), "--quiet");
        assertThat(outcome.out() + outcome.err()).isEmpty();
    }

    @Test
    void printsOneJsonObjectForMachines() {
        Outcome outcome = run("word-count", "--input", input.toString(), "--json", "--slots", "1", "--memory", "64m");
        assertThat(outcome.out())
                .startsWith("{\"id\":\"")
                .endsWith("}\n")
                .hasLineCount(1)
                .contains("\"state\":\"SUCCEEDED\"", "\"name\":\"part-00000\"", "\"stage\":\"map\"", "\"user\":{}");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void saysThatAnInputIsMissing() {
        String missing = folder.resolve("missing").toString();
        Outcome outcome = CliFixture.run("run", "word-count", "--input", missing, "--output", output, "--json");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.INPUT.number());
        assertThat(outcome.err())
                .startsWith("sampo: ")
                .contains(missing, "; expected")
                .doesNotContain("\tat ");
        assertThat(outcome.out()).startsWith("{\"state\":\"FAILED\"").contains("\"code\":\"INPUT_NOT_FOUND\"");
    }

    @Test
    void namesTheLineThatIsNoPair() {
        String file = input + "/a.txt";
        Outcome outcome = CliFixture.run("run", "join", "--left", file, "--right", file, "--output", output);
        assertThat(outcome.exitCode()).isIn(ExitCode.INPUT.number(), ExitCode.JOB_FAILED.number());
        assertThat(outcome.err()).startsWith("sampo: ").contains("a.txt", "offset 0", "expected key<TAB>value");
    }

    @Test
    void reportsAllWrongSettingsAtOnce() {
        Outcome outcome = CliFixture.run(
                "run",
                "word-count",
                "--input",
                input.toString(),
                "--output",
                output,
                "--slots",
                "few",
                "--memory",
                "64x",
                "-D",
                "sampo.no-such-key=1",
                "-D",
                "sampo.input.split-size=wide",
                "-D",
                "other.key=1",
                "-D",
                "x");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE.number());
        assertThat(outcome.err())
                .startsWith("sampo: ")
                .contains("few", "64x", "sampo.no-such-key", "sampo.input.split-size", "other.key", "key=value")
                .doesNotContain("\tat ");
    }

    @Test
    void printsStackTracesWhenVerbose() {
        Outcome outcome = CliFixture.run(
                "run", "word-count", "--input", folder.resolve("missing").toString(), "--output", output, "--verbose");
        assertThat(outcome.err()).contains("sampo: ", "\tat dev.sampo.");
    }

    private Outcome run(String job, String... options) {
        String[] args = new String[options.length + 4];
        args[0] = "run";
        args[1] = job;
        System.arraycopy(options, 0, args, 2, options.length);
        args[args.length - 2] = "--output";
        args[args.length - 1] = output;
        Outcome outcome = CliFixture.run(args);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return outcome;
    }

    private String parts() throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (var files = Files.list(Path.of(output))) {
            for (Path part : files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList()) {
                all.writeBytes(Files.readAllBytes(part));
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
