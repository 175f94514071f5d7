package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The jar of a user's own job, of classes that are on no class path. */
final class OwnJar {
    private OwnJar() {}

    /**
     * Compiles a source file of the package {@code own}.
     *
     * @param directory where the jar goes, and what is needed to make it
     * @param name the class
     */
    static Path compile(Path directory, String name, String text) throws IOException {
        Path source = Files.createDirectories(directory.resolve("src/own")).resolve(name + ".java");
        Files.writeString(source, text);
        Path classes = Files.createDirectories(directory.resolve("classes"));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        int exitCode = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", classes.toString(), "-cp", classPath, source.toString());
        assertThat(exitCode).isZero();
        Path jar = directory.resolve("own.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> compiled = Files.list(classes.resolve("own"))) {
            for (Path each : compiled.toList()) {
                out.putNextEntry(new JarEntry("own/" + each.getFileName()));
                Files.copy(each, out);
            }
        }
        return jar;
    }
}
