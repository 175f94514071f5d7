package dev.sampo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.cli.CliFixture.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs jobs from a jar whose classes are nowhere else. */
class OwnJobTest {
    private static final Map<String, String> SOURCES = Map.of(
            "LineLengths",
            """
            package own;
            import dev.sampo.api.*;
            import dev.sampo.io.TextInput;
            import java.util.List;
            public class LineLengths implements JobProgram {
                private static final long serialVersionUID = 1;
                @Override public JobSpec<?, ?> create(List<String> arguments) {
                    if (arguments.size() != 1) {
                        throw new IllegalArgumentException(arguments.size() + " arguments; expected one input");
                    }
                    return JobSpec.named("line-lengths")
                        .read(TextInput.from(arguments.get(0)).asStrings())
                        .map(Integer.class, Long.class, (line, out) -> out.emit(Lengths.of(line), 1L))
                        .combine(Combiners.sumLong())
                        .partitions(1)
                        .reduce(Integer.class, Long.class, Reducers.sumLong())
                        .collect();
                }
            }
            class Lengths {
                static int of(String line) {
                    if (line.equals("bad")) {
                        throw new IllegalStateException("a bad line");
                    }
                    return line.length();
                }
            }
            """,
            "NoConstructor",
            """
            package own;
            import dev.sampo.api.*;
            import java.util.List;
            public class NoConstructor implements JobProgram {
                public NoConstructor(int number) {}
                @Override public JobSpec<?, ?> create(List<String> arguments) { return null; }
            }
            """,
            "FailingConstructor",
            """
            package own;
            import dev.sampo.api.*;
            import java.util.List;
            public class FailingConstructor implements JobProgram {
                public FailingConstructor() { throw new IllegalStateException("not today"); }
                @Override public JobSpec<?, ?> create(List<String> arguments) { return null; }
            }
            """,
            "NullJob",
            """
            package own;
            import dev.sampo.api.*;
            import java.util.List;
            public class NullJob implements JobProgram {
                @Override public JobSpec<?, ?> create(List<String> arguments) { return null; }
            }
            """,
            "NotAJob",
            "package own; public class NotAJob {}");

    @TempDir
    static Path folder;

    private static Path jar;

    @BeforeAll
    static void compile() throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources/own"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        for (Map.Entry<String, String> source : SOURCES.entrySet()) {
            Files.writeString(sources.resolve(source.getKey() + ".java"), source.getValue());
        }
        Stream<String> files = SOURCES.keySet().stream()
                .map(name -> sources.resolve(name + ".java").toString());
        Stream<String> options =
                Stream.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        int exitCode = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, Stream.concat(options, files).toArray(String[]::new));
        assertThat(exitCode).isZero();
        jar = folder.resolve("own.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> compiled = Files.list(classes.resolve("own"))) {
            for (Path each : compiled.toList()) {
                out.putNextEntry(new JarEntry("own/" + each.getFileName()));
                Files.copy(each, out);
            }
        }
    }

    @Test
    void printsCollectedResults() throws IOException {
        Path input = Files.writeString(folder.resolve("input"), "a\nbb\nc\n");
        Outcome outcome = run("own.LineLengths", "--", input.toString());
        assertThat(outcome.err()).startsWith("line-lengths: ");
        assertThat(outcome.out()).isEqualTo("1\t2\n2\t1\n");
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    void printsCollectedResultsAsJson() throws IOException {
        Path input = Files.writeString(folder.resolve("input"), "a\nbb\nc\n");
        assertThat(run("own.LineLengths", "--json", "--", input.toString()).out())
                .contains("\"records\":[{\"key\":1,\"value\":2},{\"key\":2,\"value\":1}]");
    }

    @Test
    void saysWhatTheJobThrew() throws IOException {
        Path input = Files.writeString(folder.resolve("input"), "a\nbad\n");
        Outcome outcome = run("own.LineLengths", "-D", "sampo.task.max-attempts=1", "--", input.toString());
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.JOB_FAILED.number());
        assertThat(outcome.err())
                .startsWith("sampo: ")
                .contains("a bad line", "input")
                .doesNotContain("\tat ");
    }

    @Test
    void passesOnWhatTheJobSaysOfItsArguments() {
        Outcome outcome = run("own.LineLengths", "--", "grep", "--output");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE.number());
        assertThat(outcome.err())
                .startsWith("sampo: class own.LineLengths refuses [grep, --output]: 2 arguments; expected one input");
    }

    @Test
    void namesClassThatIsMissingOrWrong() {
        for (List<String> classAndMessage : List.of(
                List.of("own.Missing", "sampo: class own.Missing is not in "),
                List.of("own.NotAJob", "sampo: class own.NotAJob is not a job; expected one that implements"),
                List.of(
                        "own.NoConstructor",
                        "sampo: class own.NoConstructor cannot be created; expected a public class"),
                List.of("own.FailingConstructor", "sampo: the constructor of class own.FailingConstructor failed: "),
                List.of("own.NullJob", "sampo: class own.NullJob returned null; expected a JobSpec"))) {
            Outcome outcome = run(classAndMessage.get(0));
            assertThat(outcome.err()).startsWith(classAndMessage.get(1)).doesNotContain("\tat ");
            assertThat(outcome.exitCode()).isEqualTo(ExitCode.JOB_CLASS.number());
        }
    }

    @Test
    void namesJarThatIsMissingOrWrong() throws IOException {
        String noJar = Files.writeString(folder.resolve("no.jar"), "text").toString();
        for (String wrong : List.of(folder.resolve("missing.jar").toString(), folder.toString(), noJar)) {
            Outcome outcome = CliFixture.run("run", "--jar", wrong, "--class", "own.LineLengths");
            assertThat(outcome.err()).startsWith("sampo: jar " + wrong).contains("; expected a jar file");
            assertThat(outcome.exitCode()).isEqualTo(ExitCode.JOB_CLASS.number());
        }
    }

    private static Outcome run(String className, String... rest) {
        return CliFixture.run(
                Stream.concat(Stream.of("run", "--jar", jar.toString(), "--class", className), Stream.of(rest))
                        .toArray(String[]::new));
    }
}
