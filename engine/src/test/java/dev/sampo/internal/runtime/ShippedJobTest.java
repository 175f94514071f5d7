package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.api.Broadcast;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seed, workers and a submitter in one JVM, and jobs whose classes only the submitter has. */
class ShippedJobTest {
    private static final String WORDS = """
            package own;

            import dev.sampo.api.*;
            import dev.sampo.io.*;
            import java.nio.file.Path;
            import java.util.List;

            public final class Words {
                public static JobSpec<String, Long> job(String suffix, Path out) {
                    return JobSpec.named("words")
                            .read(MemoryInput.of(List.of("a", "b", "a")))
                            .map(String.class, Long.class, (String word, Emitter<String, Long> to) -> {
                                to.emit(word + suffix + Words.class.getClassLoader().getName(), 1L);
                            })
                            .reduce(String.class, Long.class, Reducers.sumLong())
                            .writeTo(TextOutput.to(out));
                }
            }
            """;

    @TempDir
    private static Path folder = Path.of("");

    private static final List<NodeProcess> NODES = new ArrayList<>();
    private static EngineRuntime client;

    @BeforeAll
    static void startNodes() {
        NodeProcess seed = NodeProcess.seed(settings("none", "seed"));
        NODES.add(seed);
        String address =
                Cluster.get(seed.system()).selfMember().address().hostPort().replaceFirst(".*@", "");
        for (int worker = 0; worker < 3; worker++) {
            NODES.add(NodeProcess.worker(settings(address, "worker-" + worker)));
        }
        client = EngineRuntime.join(settings(address, "client"));
    }

    private static Config settings(String seeds, String node) {
        return ConfigFactory.parseMap(Map.of(
                "sampo.slots",
                1,
                "sampo.memory",
                "16MiB",
                "sampo.cluster.port",
                0,
                "sampo.cluster.seeds",
                seeds,
                "sampo.temp-dir",
                folder.resolve(node).toString()));
    }

    @AfterAll
    static void stopNodes() {
        if (client != null) {
            client.close();
        }
        for (int node = NODES.size() - 1; node >= 0; node--) {
            NODES.get(node).close();
        }
    }

    private static List<String> lines(Path out) throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return List.copyOf(lines);
    }

    private static List<Path> blobFiles() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file ->
                            file.toString().contains("blobs") || file.toString().contains("sampo-ship-"))
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitNoBlobs() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(blobFiles()).isEmpty());
    }

    @Test
    void runsAJobWhoseClassesNoNodeHas(@TempDir Path own) throws Exception {
        try (CompiledJob job = CompiledJob.of(own, "Words", WORDS)) {
            JobHandle<String, Long> handle = client.submit(job.spec("Words", "-", own.resolve("out")));
            handle.await();
            String loader = "job-" + handle.id();
            assertThat(lines(own.resolve("out"))).containsExactly("a-" + loader + "\t2", "b-" + loader + "\t1");
        }
        awaitNoBlobs();
    }

    @Test
    void jarsThatTheJobNamesTravel(@TempDir Path own) throws Exception {
        try (CompiledJob job = CompiledJob.of(own, "Words", WORDS)) {
            client.submit(job.spec("Words", "+", own.resolve("out")).withJars(List.of(job.jar())))
                    .await();
            assertThat(lines(own.resolve("out"))).hasSize(2).allMatch(line -> line.contains("+job-"));
            JobSpec<String, Long> bare =
                    job.spec("Words", "+", own.resolve("out2")).withoutShipping();
            assertThatThrownBy(() -> client.submit(bare).await())
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_CLASS))
                    .hasMessageContaining("own.Words");
        }
    }

    @Test
    void largeFunctionsAndBroadcastValuesTravel(@TempDir Path own) throws Exception {
        String large = "x".repeat(6 << 20);
        Broadcast<String> broadcast = Broadcast.of("y".repeat(5 << 20));
        client.submit(JobSpec.named("large")
                        .read(MemoryInput.of(List.of("a", "b", "c", "d")))
                        .map(
                                String.class,
                                Long.class,
                                (word, to) -> to.emit(
                                        word,
                                        (long) large.length()
                                                + broadcast.value().length()))
                        .reduce(String.class, Long.class, Reducers.sumLong())
                        .writeTo(TextOutput.to(own.resolve("out")))
                        .withSplitBytes(1)
                        .withoutShipping())
                .await();
        assertThat(lines(own.resolve("out")))
                .containsExactly("a\t11534336", "b\t11534336", "c\t11534336", "d\t11534336");
        awaitNoBlobs();
    }

    @Test
    void smallInputsTravel(@TempDir Path own) throws Exception {
        Path input = Files.createDirectories(own.resolve("in"));
        Files.writeString(input.resolve("b.txt"), "second\n");
        Files.writeString(input.resolve("a.txt"), "first\nfirst\n");
        TextInput files = TextInput.from(input).shipped();
        JobHandle<String, Long> handle = client.submit(JobSpec.named("small")
                .read(files.asStrings())
                .map(String.class, Long.class, (line, to) -> to.emit(line, 1L))
                .reduce(String.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(own.resolve("out")))
                .withoutShipping());
        handle.await();
        assertThat(lines(own.resolve("out"))).containsExactly("first\t2", "second\t1");
        awaitNoBlobs();
    }

    @Test
    void inputsThatAreTooLargeToTravelAreRefused(@TempDir Path own) throws Exception {
        Path input = own.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(input.toFile(), "rw")) {
            file.setLength((64L << 20) + 1);
        }
        TextInput files = TextInput.from(input).shipped();
        assertThatThrownBy(() -> client.submit(words(files, own.resolve("out"))))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_INVALID))
                .hasMessageContaining("67108865 bytes; expected at most 67108864 (sampo.ship.max-input-size)");
    }

    private static JobSpec<String, Long> words(TextInput files, Path out) {
        return JobSpec.named("words")
                .read(files.asStrings())
                .map(String.class, Long.class, (line, to) -> to.emit(line, 1L))
                .reduce(String.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(out));
    }

    @Test
    void aJarThatIsNoJarIsAnErrorAtItsSubmitter(@TempDir Path own) throws Exception {
        Path wrong = Files.writeString(own.resolve("wrong.jar"), "no jar at all");
        Path missing = own.resolve("missing.jar");
        JobSpec<String, Long> job = words(TextInput.from(wrong), own.resolve("out"));
        for (Path jar : List.of(wrong, missing)) {
            assertThatThrownBy(() -> client.submit(job.withJars(List.of(jar))))
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_CLASS))
                    .hasMessageContaining(jar.toString());
        }
    }

    @Test
    void aJarWithoutTheClassIsAnErrorOfTheJobAndOthersGoOn(@TempDir Path own) throws Exception {
        try (CompiledJob job = CompiledJob.of(own, "Words", WORDS)) {
            Path classes = CompiledJob.compile(own, "Other", "package own; public class Other {}");
            Path other = CompiledJob.jar(own.resolve("other.jar"), classes);
            JobSpec<String, Long> wrong =
                    job.spec("Words", "-", own.resolve("out")).withJars(List.of(other));
            JobHandle<String, Long> good = client.submit(job.spec("Words", "-", own.resolve("good")));
            assertThatThrownBy(() -> client.submit(wrong).await())
                    .isInstanceOfSatisfying(
                            SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_CLASS))
                    .hasMessageContaining("class own.Words was not found")
                    .hasMessageContaining("withJars");
            good.await();
            assertThat(lines(own.resolve("good"))).hasSize(2);
        }
        awaitNoBlobs();
    }
}
