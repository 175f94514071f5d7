package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.Sampo;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.JobState;
import dev.sampo.api.OutputPart;
import dev.sampo.api.Reducers;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.cluster.typed.Cluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that submit: one that also works, and others that find its jobs by their ids. */
class WorkingMemberTest {
    private NodeProcess seed;

    @TempDir
    Path directory;

    @BeforeEach
    void start() {
        seed = NodeProcess.seed(settings(""));
    }

    @AfterEach
    void stop() {
        seed.close();
    }

    @Test
    void aMemberThatWorksRunsJobsOfOthersAndAJobOutlivesItsSubmitter() throws Exception {
        try (Sampo working = Sampo.join(member("work = true"))) {
            Sampo submitter = Sampo.join(member("work = false"));
            JobHandle<String, Long> submitted = submitter.submit("nightly", job());
            submitted.accepted().toCompletableFuture().get(30, TimeUnit.SECONDS);
            submitter.close();

            try (Sampo other = Sampo.join(member("work = false"));
                    JobResult<byte[], byte[]> result = other.job("nightly").await()) {
                assertThat(result.parts()).isNotEmpty();
                assertThat(result.counters().stage("map").recordsIn()).isEqualTo(2);
            }
            JobHandle<String, Long> again = working.submit("nightly", job());
            again.await().close();
            assertThat(again.state()).isEqualTo(JobState.SUCCEEDED);
        }
    }

    @Test
    void aMemberThatOnlySubmitsWaitsForAWorker() throws Exception {
        try (Sampo submitter = Sampo.join(member("work = false"))) {
            JobHandle<String, Long> waiting = submitter.submit("waits", job());
            waiting.accepted().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(waiting.state().isTerminal()).isFalse();
            try (Sampo working = Sampo.join(member("work = true"))) {
                assertThat(waiting.await().parts()).isNotEmpty();
                Awaitility.await().until(() -> working.job("waits").await() != null);
            }
        }
    }

    @Test
    void theOutputOfAJobIsCommittedAtItsSubmitterOrGivenUpThere() throws Exception {
        Path out = directory.resolve("out");
        try (Sampo submitter = Sampo.join(member("work = false"))) {
            JobHandle<String, Long> waiting = submitter.submit("canceled", job().withOutputAtSubmitter());
            waiting.accepted().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(out).as("claimed").exists();
            assertThatThrownBy(() -> submitter.submit("another", job().withOutputAtSubmitter()))
                    .hasMessageContaining(out.toString());
            waiting.cancel();
            assertThatThrownBy(waiting::await).hasMessageContaining("canceled");
            assertThat(out).as("given up").doesNotExist();

            try (Sampo working = Sampo.join(member("work = true"));
                    JobResult<String, Long> result = submitter
                            .submit("fetched", job().withOutputAtSubmitter())
                            .await()) {
                assertThat(result.parts()).isNotEmpty();
                assertThat(Files.readString(out.resolve("_SUCCESS"))).contains("fetched");
                for (OutputPart part : result.parts()) {
                    assertThat(Files.size(out.resolve(part.name()))).isEqualTo(part.bytes());
                }
                try (JobResult<byte[], byte[]> seen = working.job("fetched").await()) {
                    assertThat(seen.counters().stage("map").recordsIn()).isEqualTo(2);
                }
            }
        }
    }

    private JobSpec<String, Long> job() {
        return JobSpec.named("words")
                .read(MemoryInput.of(List.of("x", "y")))
                .map(String.class, Long.class, (line, out) -> out.emit(line, 1L))
                .reduce(String.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(directory.resolve("out")));
    }

    private Config member(String more) {
        String address = Cluster.get(seed.system()).selfMember().address().hostPort();
        return settings(
                "sampo.cluster { seeds = \"" + address.substring(address.indexOf('@') + 1) + "\", " + more + "}");
    }

    /** The test kits of Pekko are on the class path, and older than the engine's. */
    private static Config settings(String more) {
        return ConfigFactory.parseString("pekko.fail-mixed-versions = off, sampo.slots = 1, sampo.cluster.port = 0")
                .withFallback(ConfigFactory.parseString(more));
    }
}
