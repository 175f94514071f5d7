package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.cli.Main;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The command line as processes of its own, and the jars a user makes for it. */
final class Commands {
    private Commands() {}

    /**
     * What a command did.
     *
     * @param exitCode its exit code
     * @param out what it printed on stdout
     * @param err what it printed on stderr
     */
    record Outcome(int exitCode, String out, String err) {}

    /** Runs the command line to its end; what it prints goes through files in a directory. */
    static Outcome run(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "command", ".out");
        Path err = Files.createTempFile(directory, "command", ".err");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(Programs.LIMIT.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended)
                .as(List.of(arguments) + " ends; so far: " + Files.readString(err))
                .isTrue();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Compiles a class of the package {@code own} into a jar that is on nobody's class path. */
    static Path jar(Path directory, String name, String source) throws IOException {
        Path file = Files.createDirectories(directory.resolve("src/own")).resolve(name + ".java");
        Files.writeString(file, source);
        Path classes = Files.createDirectories(directory.resolve("classes"));
        int exitCode = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", classes.toString(), "-cp", classPath(), file.toString());
        assertThat(exitCode).isZero();
        Path jar = directory.resolve(name + ".jar");
        try (OutputStream bytes = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(bytes);
                Stream<Path> compiled = Files.list(classes.resolve("own"))) {
            for (Path each : compiled.toList()) {
                out.putNextEntry(new JarEntry("own/" + each.getFileName()));
                Files.copy(each, out);
            }
        }
        return jar;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
