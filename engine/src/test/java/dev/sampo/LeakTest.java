package dev.sampo;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.api.Emitter;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Mapper;
import dev.sampo.api.Reducers;
import dev.sampo.api.StopMode;
import dev.sampo.io.MemoryInput;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine leaves behind: after many jobs, and after its end. */
class LeakTest {
    private static final int WARM_UP = 50;
    private static final int JOBS = 1_000;

    /** Copies of functions that attempts deserialized. */
    private static final Queue<WeakReference<Object>> COPIES = new ConcurrentLinkedQueue<>();

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    @TempDir
    private Path directory;

    @Test
    void aThousandJobsLeaveNoThreadNoFileAndNoMemory() throws Exception {
        try (Sampo engine = Sampo.local(settings())) {
            runJobs(engine, WARM_UP);
            awaitIdle();
            int threads = engineThreads().size();
            long handles = openFiles();
            long heap = heapAfterCollection();

            runJobs(engine, JOBS);

            awaitIdle();
            assertThat(engineThreads()).hasSizeLessThanOrEqualTo(threads);
            assertThat(openFiles()).isLessThanOrEqualTo(handles + 2);
            // the ends of the last 1,000 jobs and the events of the last 100 are kept, for submits that are repeated
            // late
            assertThat(heapAfterCollection() - heap).isLessThan(JOBS * 16_384L);
        }
    }

    @Test
    void closingLeavesNoThreadNoFileAndNoOpenHandle() throws Exception {
        Set<String> threads = engineThreads();
        try (Sampo first = Sampo.local(settings())) {
            WordCountJob.run(first);
        }
        long handles = openFiles();
        for (int round = 0; round < 5; round++) {
            Sampo engine = Sampo.local(settings());
            WordCountJob.run(engine);
            engine.submit(WordCountJob.spec()).await(); // its result is not closed
            engine.close();
            assertThat(engineThreads()).isEqualTo(threads);
            assertThat(filesIn(directory)).isEmpty();
        }
        assertThat(openFiles()).isLessThanOrEqualTo(handles + 2);
    }

    @Test
    void closingInTheMiddleOfAJobLeavesNothing() throws Exception {
        Set<String> threads = engineThreads();
        Sampo engine = Sampo.local(settings());
        JobHandle<String, Long> handle = engine.submit(sleeper());
        await().atMost(10, SECONDS)
                .until(() -> handle.progress().stages().stream().anyMatch(stage -> stage.running() > 0));
        engine.close(StopMode.CANCEL);
        assertThatThrownBy(handle::await).isInstanceOf(SampoException.class);
        assertThat(engineThreads()).isEqualTo(threads);
        assertThat(filesIn(directory)).isEmpty();
    }

    @Test
    void functionsOfEndedJobsAreLetGo() throws Exception {
        COPIES.clear();
        try (Sampo engine = Sampo.local(settings())) {
            for (int job = 0; job < 10; job++) {
                engine.submit(tracing()).await().close();
            }
            JobHandle<String, Long> failed = engine.submit(failing());
            assertThatThrownBy(failed::await).isInstanceOf(SampoException.class);
            assertThat(COPIES).hasSizeGreaterThanOrEqualTo(11);
            WordCountJob.run(engine);
            awaitCollected(() -> COPIES.stream().allMatch(copy -> copy.refersTo(null)));
        }
    }

    @Test
    void classLoadersOfEndedJobsAreLetGo() throws Exception {
        // the serialization of the JDK remembers classes by soft references: this has them cleared at once
        ForkedJvm jvm = ForkedJvm.run(
                Duration.ofMinutes(2),
                List.of("-Xmx64m", "-XX:SoftRefLRUPolicyMSPerMB=0"),
                JobsOfManyLoaders.class,
                directory.toString());
        assertThat(jvm.exitCode()).as(jvm.output()).isZero();
    }

    private static JobSpec<String, Long> tracing() {
        return JobSpec.named("tracing")
                .read(MemoryInput.of(List.of("a", "b")))
                .map(String.class, Long.class, new Traced(false))
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
    }

    private static JobSpec<String, Long> failing() {
        return JobSpec.named("failing")
                .read(MemoryInput.of(List.of("a", "b")))
                .map(String.class, Long.class, new Traced(true))
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect()
                .withMaxAttempts(1);
    }

    private static JobSpec<String, Long> sleeper() {
        return JobSpec.named("sleeper")
                .read(MemoryInput.of(List.of("a")))
                .map(String.class, Long.class, (line, out) -> NEVER.await())
                .reduce(String.class, Long.class, Reducers.sumLong())
                .collect();
    }

    /** A mapper whose deserialized copies are noted. */
    private static final class Traced implements Mapper<String, String, Long> {
        private static final long serialVersionUID = 1;

        private final boolean fails;

        Traced(boolean fails) {
            this.fails = fails;
        }

        private Object readResolve() {
            COPIES.add(new WeakReference<>(this));
            return this;
        }

        @Override
        public void map(String line, Emitter<String, Long> out) {
            if (fails) {
                throw new IllegalStateException("fails on purpose");
            }
            out.emit(line, 1L);
        }
    }

    private Config settings() {
        return ConfigFactory.parseMap(Map.of("sampo.slots", 2, "sampo.temp-dir", directory.toString()));
    }

    private static void runJobs(Sampo engine, int count) throws Exception {
        for (int job = 0; job < count; job++) {
            assertThat(WordCountJob.run(engine)).isEqualTo(WordCountJob.EXPECTED);
        }
    }

    /** Cleaning up goes on for a moment after a job's end. */
    private void awaitIdle() {
        await().atMost(10, SECONDS)
                .until(() ->
                        filesIn(directory).stream().filter(Files::isRegularFile).allMatch(LeakTest::isLock));
    }

    /** What shows later lives on the machine that the directory is in use. */
    private static boolean isLock(Path file) {
        return file.getFileName().toString().equals("lock");
    }

    private static Set<String> engineThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("sampo") || name.contains("pekko") || name.contains("netty"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> filesIn(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> !file.equals(directory)).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long openFiles() throws IOException {
        Path handles = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(handles), "the system lists no open files");
        try (Stream<Path> open = Files.list(handles)) {
            return open.count();
        }
    }

    private static long heapAfterCollection() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void awaitCollected(BooleanSupplier done) {
        await().atMost(10, SECONDS).until(() -> {
            System.gc();
            return done.getAsBoolean();
        });
    }
}
