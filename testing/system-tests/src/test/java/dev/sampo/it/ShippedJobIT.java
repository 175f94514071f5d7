package dev.sampo.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.seed.SeedMain;
import dev.sampo.worker.WorkerMain;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node programs as processes, and a job in a jar that only its submitter has. */
class ShippedJobIT {
    private static final String HOST = "127.0.0.1";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern READY = Pattern.compile("Sampo (seed|worker) \\S+ is ready at (\\S+), cluster sampo");
    private static final String SOURCE = """
            package own;

            import dev.sampo.api.*;
            import dev.sampo.io.*;
            import java.nio.file.Path;
            import java.util.*;

            public final class Named {
                public static JobSpec<String, Long> job(String prefix, Path in, Path out) {
                    Broadcast<HashMap<String, String>> names = Broadcast.of(new HashMap<>(Map.of("a", "alpha")));
                    return JobSpec.named("named")
                            .read(TextInput.from(in).shipped().asStrings())
                            .map(String.class, Long.class, (String word, Emitter<String, Long> to) ->
                                    to.emit(prefix + names.value().getOrDefault(word, new Unknown().name()), 1L))
                            .partitions(1)
                            .reduce(String.class, Long.class, Reducers.sumLong())
                            .writeTo(TextOutput.to(out))
                            .withSplitBytes(4);
                }

                private static final class Unknown {
                    String name() {
                        return "unknown";
                    }
                }
            }
            """;

    private final List<Process> processes = new ArrayList<>();

    @TempDir
    Path directory = Path.of("");

    @AfterEach
    void killAll() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Tag("slow")
    @Test
    void aJobThatOnlyItsSubmitterHasRunsOnAllWorkersAndLeavesNothing() throws Exception {
        Path seedLog = start(SeedMain.class, "--host", HOST, "--port", "0", "--config", settings("seed"));
        String seed = awaitReady(seedLog);
        for (int worker = 0; worker < 2; worker++) {
            awaitReady(start(
                    WorkerMain.class,
                    "--seed",
                    seed,
                    "--host",
                    HOST,
                    "--slots",
                    "1",
                    "--config",
                    settings("worker-" + worker)));
        }
        Path input = directory.resolve("words");
        Files.write(input, Collections.nCopies(500, "a\nb"));
        Path jar = jar();
        try (Sampo client = Sampo.join(ConfigFactory.parseMap(Map.of(
                        "pekko.fail-mixed-versions",
                        "off",
                        "sampo.cluster.seeds",
                        seed,
                        "sampo.cluster.port",
                        0,
                        "sampo.temp-dir",
                        directory.resolve("client").toString())));
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            JobHandle<String, Long> first = client.submit(job(loader, "1-", input, "out-1"));
            JobHandle<String, Long> second = client.submit(job(loader, "2-", input, "out-2"));
            first.await();
            second.await();
        }
        assertThat(Files.readAllLines(directory.resolve("out-1/part-00000")))
                .containsExactly("1-alpha\t500", "1-unknown\t500");
        assertThat(Files.readAllLines(directory.resolve("out-2/part-00000")))
                .containsExactly("2-alpha\t500", "2-unknown\t500");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(blobs()).isEmpty());
    }

    private List<Path> blobs() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/blobs/")
                            || file.toString().contains("sampo-ship-"))
                    .toList();
        }
    }

    @SuppressWarnings("unchecked") // the source above is written so
    private JobSpec<String, Long> job(ClassLoader loader, String prefix, Path input, String out)
            throws ReflectiveOperationException {
        return (JobSpec<String, Long>) Class.forName("own.Named", true, loader)
                .getMethod("job", String.class, Path.class, Path.class)
                .invoke(null, prefix, input, directory.resolve(out));
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private Path jar() throws IOException {
        Path source = Files.createDirectories(directory.resolve("source/own")).resolve("Named.java");
        Files.writeString(source, SOURCE);
        Path classes = Files.createDirectories(directory.resolve("classes"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "17",
                        "-proc:none",
                        "-cp",
                        classPath(),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(result).as("the job compiles").isZero();
        Path jar = directory.resolve("named.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return jar;
    }

    /** Pekko's test kits are on the class path, and older than the engine's Pekko. */
    private String settings(String node) throws IOException {
        Path file = directory.resolve(node + ".conf");
        Files.writeString(
                file,
                "pekko.fail-mixed-versions = off\nsampo.http.port = 0\nsampo.temp-dir = \""
                        + directory.resolve("temp-" + node) + "\"\n");
        return file.toString();
    }

    private Path start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dsampo.worker.jvm-options=-Xmx256m\n-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(arguments));
        Path log = directory.resolve(main.getSimpleName() + "-" + processes.size() + ".log");
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        return log;
    }

    private static String awaitReady(Path log) throws IOException {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(Files.readString(log)).containsPattern(READY));
        Matcher matcher = READY.matcher(Files.readString(log));
        assertThat(matcher.find()).isTrue();
        return matcher.group(2);
    }
}
