package dev.sampo.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.JobState;
import dev.sampo.api.OutputPart;
import dev.sampo.api.Reducers;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.client.SubmitterOutput.Claimed;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol.JobSucceeded;
import dev.sampo.io.MemoryInput;
import dev.sampo.io.TextOutput;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that are committed where their job was submitted. */
class OutputHereTest {
    private static final JobId JOB = new JobId("job-1");
    private static final List<OutputPart> PARTS = List.of(part("part-00000", "a\n"), part("part-00001", "b\n"));

    @TempDir
    Path directory = Path.of("");

    @Test
    void commitsThePartsUnderTheirNamesWithAManifest() throws IOException {
        Claimed claimed = claim(JOB);
        try (JobResult<String, Long> result = claimed.commit(end(PARTS), part -> bytes(text(part)))) {
            assertThat(result.parts()).isEqualTo(PARTS);
        }
        assertThat(out().resolve("part-00000")).hasContent("a\n");
        assertThat(out().resolve("part-00001")).hasContent("b\n");
        assertThat(Files.readString(out().resolve("_SUCCESS"))).contains("job-1", "words");
        claimed.giveUp();
        assertThat(out().resolve("_SUCCESS")).as("a committed result stays").exists();
        refused(ErrorCode.OUTPUT_EXISTS, () -> claim(new JobId("job-2")));
    }

    @Test
    void aClaimThatIsGivenUpLeavesNothingAndIsNotCommitted() {
        Claimed claimed = claim(JOB);
        refused(ErrorCode.OUTPUT_CLAIMED, () -> claim(new JobId("job-2")));
        claimed.giveUp();
        assertThat(out()).doesNotExist();
        refused(ErrorCode.ENGINE_CLOSED, () -> claimed.commit(end(PARTS), part -> bytes(text(part))));
        claim(new JobId("job-2")).giveUp();
    }

    @Test
    void refusesBytesThatAreNotThoseOfThePart() {
        refused(ErrorCode.DATA_CORRUPT, () -> claim(JOB).commit(end(PARTS), part -> bytes("x\n")));
        assertThat(out()).doesNotExist();
    }

    @Test
    void saysWhichPartCannotBeFetchedAndGivesTheClaimUp() {
        Claimed claimed = claim(JOB);
        assertThatThrownBy(() -> claimed.commit(end(PARTS), part -> {
                    throw new IOException("the seed is gone");
                }))
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED))
                .hasMessageContaining("part-00000")
                .hasMessageContaining("the seed is gone");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aCommitEndsWithoutResultWhenItIsGivenUpMeanwhile() {
        Claimed claimed = claim(JOB);
        refused(
                ErrorCode.ENGINE_CLOSED,
                () -> claimed.commit(end(PARTS), part -> {
                    claimed.giveUp();
                    return bytes(text(part));
                }));
        assertThat(out()).doesNotExist();
    }

    @Test
    void aPartCannotNameAFileElsewhere() {
        OutputPart part = part("part-00000/../../x", "a\n");
        assertThatThrownBy(() -> claim(JOB).commit(end(List.of(part)), each -> bytes("a\n")))
                .isInstanceOf(SampoException.class);
        assertThat(out()).doesNotExist();
    }

    private Path out() {
        return directory.resolve("out");
    }

    private Claimed claim(JobId job) {
        JobSpec<String, Long> spec = JobSpec.named("words")
                .read(MemoryInput.of(List.of("x")))
                .map(String.class, Long.class, (line, to) -> to.emit(line, 1L))
                .reduce(String.class, Long.class, Reducers.sumLong())
                .writeTo(TextOutput.to(out()))
                .withOutputAtSubmitter();
        return new OutputHere(NodeProcess.settings(ConfigFactory.empty()), InstantSource.system())
                .claim(job, spec, TextOutput.to(out()));
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static String text(OutputPart part) {
        return part.name().equals("part-00000") ? "a\n" : "b\n";
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static OutputPart part(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new OutputPart(
                name,
                1,
                bytes.length,
                "sha256:" + HexFormat.of().formatHex(BlobStore.sha256().digest(bytes)));
    }

    private static JobSucceeded end(List<OutputPart> parts) {
        return new JobSucceeded(
                JOB,
                parts,
                DataAddress.NONE,
                new JobProgress(JobState.SUCCEEDED, List.of()),
                new Counters(List.of(), new TreeMap<>()),
                1);
    }
}
