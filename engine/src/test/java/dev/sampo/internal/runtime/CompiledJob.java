package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.JobSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A job in a jar of its own, compiled by the test: no node has its classes. */
public final class CompiledJob implements AutoCloseable {
    private final Path jar;
    private final URLClassLoader loader;

    private CompiledJob(Path jar, URLClassLoader loader) {
        this.jar = jar;
        this.loader = loader;
    }

    /**
     * Compiles a class and packs it.
     *
     * @param folder where to work
     * @param name the simple name of a class of the package {@code own}
     * @param source its source
     */
    public static CompiledJob of(Path folder, String name, String source) throws IOException {
        Path classes = compile(folder, name, source);
        Path jar = jar(folder.resolve(name + ".jar"), classes);
        URL[] urls = {jar.toUri().toURL()};
        return new CompiledJob(jar, new URLClassLoader(urls, CompiledJob.class.getClassLoader()));
    }

    static Path compile(Path folder, String name, String source) throws IOException {
        Path file =
                Files.createDirectories(folder.resolve(name + "-source/own")).resolve(name + ".java");
        Files.writeString(file, source);
        Path classes = Files.createDirectories(folder.resolve(name + "-classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int result = compiler.run(
                null,
                null,
                null,
                "--release",
                "17",
                "-proc:none",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                classes.toString(),
                file.toString());
        assertThat(result).as("the job compiles").isZero();
        return classes;
    }

    static Path jar(Path jar, Path classes) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found = Files.walk(classes)) {
            found.filter(Files::isRegularFile).forEach(files::add);
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            for (Path file : files) {
                zip.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return jar;
    }

    Path jar() {
        return jar;
    }

    /** Calls the static method {@code job} of the class. */
    @SuppressWarnings("unchecked") // the sources in the tests are written so
    public JobSpec<String, Long> spec(String name, Object... arguments) throws ReflectiveOperationException {
        Class<?> type = Class.forName("own." + name, true, loader);
        for (var method : type.getMethods()) {
            if (method.getName().equals("job")) {
                return (JobSpec<String, Long>) method.invoke(null, arguments);
            }
        }
        throw new NoSuchMethodException(name + ".job");
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
