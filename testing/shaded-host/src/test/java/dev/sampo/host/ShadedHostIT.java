package dev.sampo.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host as one shaded jar, in a JVM of its own. */
class ShadedHostIT {
    private static final String JAR = System.getProperty("sampo.shaded.jar", "");
    private static final List<String> EXPECTED = List.of("be 2", "not 1", "or 1", "to 2", "the host goes on");

    @TempDir
    private Path directory;

    @Test
    void theJarHasLostAllButOneOfPekkosDefaults() throws IOException {
        try (ZipFile jar = new ZipFile(JAR)) {
            String defaults = new String(
                    jar.getInputStream(jar.getEntry("reference.conf")).readAllBytes(), UTF_8);
            boolean actors = defaults.contains("Pekko Actor Reference Config File");
            boolean remoting = defaults.contains("Pekko Remote Reference Config File");
            assertThat(actors && remoting).isFalse();
        }
    }

    @Test
    void runsFromItsShadedJar() throws Exception {
        runs("-jar", JAR);
    }

    @Test
    void runsUnderHostileSystemProperties() throws Exception {
        runs("-Dpekko.actor.provider=cluster", "-Dpekko.loglevel=NO_SUCH_LEVEL", "-Dsampo.slots=9999", "-jar", JAR);
    }

    @Test
    void runsFromAClassLoaderThatIsNotTheContextClassLoader() throws Exception {
        runs("-cp", JAR, ChildLoaderMain.class.getName());
    }

    @Test
    void runsWhereTheContextClassLoaderHasNoClasses() throws Exception {
        runs("-cp", JAR, ChildLoaderMain.class.getName(), "blind");
    }

    private void runs(String... arguments) throws IOException, InterruptedException {
        Path temp = Files.createDirectory(directory.resolve("temp"));
        Path output = directory.resolve("out");
        Path errors = directory.resolve("err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.add("-Djava.io.tmpdir=" + temp);
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        String said = Files.readString(errors);
        assertThat(ended).as("ended within a minute: %s", said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(Files.readAllLines(output)).as(said).isEqualTo(EXPECTED);
        assertThat(said).doesNotContain("Exception", "ERROR");
        try (var left = Files.list(temp)) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("sampo"));
        }
    }
}
