package dev.sampo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class of the tests in a JVM of its own, with this JVM's class path.
 *
 * @param exitCode the exit code
 * @param output what it wrote to both standard streams
 */
record ForkedJvm(int exitCode, String output) {
    static ForkedJvm run(Duration limit, List<String> options, Class<?> main, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(args));
        return run(limit, command);
    }

    static ForkedJvm run(Duration limit, List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("forked", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String output = Files.readString(log, StandardCharsets.UTF_8);
            if (!ended) {
                throw new AssertionError("not ended within " + limit + ": " + output);
            }
            return new ForkedJvm(process.exitValue(), output);
        } finally {
            Files.deleteIfExists(log);
        }
    }

    /** The test plug-ins put a jar with nothing but a manifest on the class path; what they hide is in a property. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
