package dev.sampo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.io.MemoryInput;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An embedded engine in the JVM of a host whose own configuration would break it, were it ever read. */
class GuestTest {
    private static final Map<String, String> HOSTILE = Map.of(
            "pekko.actor.provider", "cluster",
            "pekko.remote.artery.canonical.hostname", "no.such.host.invalid",
            "pekko.remote.artery.canonical.port", "99999",
            "pekko.loglevel", "NO_SUCH_LEVEL",
            "pekko.jvm-exit-on-fatal-error", "on",
            "pekko.coordinated-shutdown.exit-jvm", "on",
            "pekko.actor.default-dispatcher.executor", "no.such.Executor",
            "sampo.slots", "9999",
            "sampo.no-such-key", "1",
            "dev.sampo.slots", "9999");

    private final Properties properties = new Properties();
    private final ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path directory;

    @BeforeEach
    void makeTheHostHostile() throws Exception {
        properties.putAll(System.getProperties());
        List<String> lines = new ArrayList<>();
        HOSTILE.forEach((key, value) -> {
            System.setProperty(key, value);
            lines.add(key + " = " + value);
        });
        Files.write(directory.resolve("application.conf"), lines);
        Files.write(directory.resolve("reference.conf"), lines);
        Thread.currentThread().setContextClassLoader(loaderOf(directory));
        ConfigFactory.invalidateCaches();
    }

    @AfterEach
    void restoreTheHost() {
        System.setProperties(properties);
        Thread.currentThread().setContextClassLoader(contextLoader);
        ConfigFactory.invalidateCaches();
    }

    @Test
    void theHostIsHostile() {
        assertThat(ConfigFactory.load().getString("pekko.loglevel")).isEqualTo("NO_SUCH_LEVEL");
        assertThatThrownBy(() -> ActorSystem.create(Behaviors.empty(), "host")).isInstanceOf(Exception.class);
    }

    @Test
    void runsJobsWithoutReadingTheHostsConfiguration() throws Exception {
        try (Sampo engine = Sampo.local(ConfigFactory.parseString("sampo.slots = 2"))) {
            assertThat(WordCountJob.run(engine)).isEqualTo(WordCountJob.EXPECTED);
        }
    }

    @Test
    void runsWithoutAContextClassLoader() throws Exception {
        Thread.currentThread().setContextClassLoader(null);
        try (Sampo engine = Sampo.local()) {
            assertThat(WordCountJob.run(engine)).isEqualTo(WordCountJob.EXPECTED);
        }
    }

    @Test
    void leavesTheHostsActorSystemAlone() throws Exception {
        System.setProperties(properties);
        Thread.currentThread().setContextClassLoader(contextLoader);
        ConfigFactory.invalidateCaches();
        ActorSystem<String> host = ActorSystem.create(Behaviors.empty(), "sampo");
        try {
            try (Sampo engine = Sampo.local()) {
                assertThat(WordCountJob.run(engine)).isEqualTo(WordCountJob.EXPECTED);
            }
            assertThat(host.getWhenTerminated().toCompletableFuture()).isNotDone();
        } finally {
            host.terminate();
            host.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void outlivesFatalErrorsOfUserCode() throws Exception {
        try (Sampo engine = Sampo.local()) {
            for (String error : List.of(
                    "java.lang.OutOfMemoryError",
                    "java.lang.InternalError",
                    "java.lang.NoClassDefFoundError",
                    "java.lang.StackOverflowError")) {
                JobSpec<String, Long> job = JobSpec.named("fatal")
                        .read(MemoryInput.of(List.of(error)))
                        .map(String.class, Long.class, (name, out) -> {
                            throw Class.forName(name)
                                    .asSubclass(Error.class)
                                    .getConstructor(String.class)
                                    .newInstance("thrown by user code");
                        })
                        .reduce(String.class, Long.class, Reducers.sumLong())
                        .collect();
                assertThatThrownBy(() -> engine.submit(job.withMaxAttempts(1)).await())
                        .as(error)
                        .isInstanceOf(SampoException.class)
                        .hasMessageContaining("thrown by user code");
            }
            assertThat(WordCountJob.run(engine)).isEqualTo(WordCountJob.EXPECTED);
        }
    }

    @Test
    void enginesOfOneJvmDoNotKnowEachOther() throws Exception {
        try (Sampo first = Sampo.local();
                Sampo third = Sampo.local()) {
            try (Sampo second = Sampo.local()) {
                assertThat(WordCountJob.run(second)).isEqualTo(WordCountJob.EXPECTED);
            }
            assertThat(WordCountJob.run(first)).isEqualTo(WordCountJob.EXPECTED);
            assertThat(WordCountJob.run(third)).isEqualTo(WordCountJob.EXPECTED);
        }
    }

    @Test
    void refusesJobsOnceItIsClosed() {
        Sampo engine = Sampo.local();
        engine.close();
        engine.close();
        assertThatThrownBy(() -> engine.submit(WordCountJob.spec()))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENGINE_CLOSED));
    }

    private static ClassLoader loaderOf(Path directory) throws MalformedURLException {
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, GuestTest.class.getClassLoader());
    }
}
