package dev.sampo.internal.output;

import static dev.sampo.internal.output.OutputFixture.JOB;
import static dev.sampo.internal.output.OutputFixture.OTHER;
import static dev.sampo.internal.output.OutputFixture.attempt;
import static dev.sampo.internal.output.OutputFixture.committer;
import static dev.sampo.internal.output.OutputFixture.contentOf;
import static dev.sampo.internal.output.OutputFixture.facts;
import static dev.sampo.internal.output.OutputFixture.writePart;
import static dev.sampo.internal.output.OutputFixture.writeParts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.PartFile;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts, commits and aborts that nothing disturbs. */
class OutputCommitterTest {
    @TempDir
    private Path folder;

    @Test
    void committedPartsHaveTheirNamesAndNothingElseIsLeft() throws IOException {
        Path out = folder.resolve("a/b/out");
        OutputCommitter committer = committer(out);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            assertThat(claim.job()).isEqualTo(JOB);
            List<PartFile> parts = writeParts(committer, JOB, "text ");
            writePart(committer, attempt(JOB, 0, 1), 0, "a second attempt that is not granted");
            assertThat(out.resolve("part-00000")).doesNotExist();

            committer.commit(JOB, false, parts, facts());
        }

        assertThat(contentOf(out))
                .isEqualTo(
                        Map.of("_SUCCESS", "", "part-00000", "text 0", "part-00001", "text 1", "part-00002", "text 2"));
        assertThat(out.resolve("_temporary")).doesNotExist();
    }

    @Test
    void theManifestTellsPartsAndCountersAndReadsBack() throws IOException {
        OutputCommitter committer = committer(folder);
        Manifest written;
        try (OutputClaim claim = committer.claim(JOB, false)) {
            List<PartFile> parts = new ArrayList<>(writeParts(committer, JOB, ""));
            Collections.reverse(parts);
            written = committer.commit(claim.job(), false, parts, facts());
        }

        Manifest read = Manifest.read(folder.resolve("_SUCCESS"));

        assertThat(read).isEqualTo(written);
        assertThat(read.parts().get(0))
                .isEqualTo(new Manifest.Part(
                        "part-00000", 1, 1, "sha256:5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"));
        assertThat(Files.readString(folder.resolve("_SUCCESS")))
                .contains("\"format\" : 1", "\"id\" : \"job-1\"", "\"name\" : \"sampo\"", "\"words\" : 4");
        assertThat(read.counters().stages()).isEqualTo(facts().stages());
        assertThat(read.parts()).extracting(Manifest.Part::name).isSorted();
    }

    @Test
    void committingAgainChangesNothing() throws IOException {
        OutputCommitter committer = committer(folder);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            List<PartFile> parts = writeParts(committer, claim.job(), "x");
            Manifest first = committer.commit(JOB, false, parts, facts());
            Map<String, String> after = contentOf(folder);

            assertThat(committer.commit(JOB, false, parts, facts())).isEqualTo(first);
            committer.abort(JOB);

            assertThat(contentOf(folder)).isEqualTo(after);
        }
    }

    @Test
    void overwritingReplacesAllFormerPartsAtTheCommitAndNotBefore() throws IOException {
        for (String name : List.of("_SUCCESS", "part-00001", "part-00007", "part-00009.csv")) {
            Files.writeString(folder.resolve(name), "former");
        }
        OutputCommitter committer = committer(folder);
        try (OutputClaim claim = committer.claim(JOB, true)) {
            List<PartFile> parts = writeParts(committer, claim.job(), "new ");
            assertThat(folder.resolve("_SUCCESS")).hasContent("former");
            assertThat(folder.resolve("part-00001")).hasContent("former");
            committer.commit(JOB, true, parts, facts());
        }

        assertThat(contentOf(folder))
                .isEqualTo(Map.of("_SUCCESS", "", "part-00000", "new 0", "part-00001", "new 1", "part-00002", "new 2"));
    }

    @Test
    void aCommitRefusesResultsThatAppearedSinceTheClaim() throws IOException {
        OutputCommitter committer = committer(folder);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            List<PartFile> parts = writeParts(committer, claim.job(), "new ");
            Files.writeString(folder.resolve("part-00001"), "not ours");

            assertThatExceptionOfType(SampoException.class)
                    .isThrownBy(() -> committer.commit(JOB, false, parts, facts()))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTPUT_EXISTS));
            committer.abort(JOB);
        }
        assertThat(contentOf(folder)).isEqualTo(Map.of("part-00001", "not ours"));
    }

    @Test
    void abortRemovesTheDirectoryThatTheClaimMade() throws IOException {
        Path out = folder.resolve("out");
        OutputCommitter committer = committer(out);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            writeParts(committer, claim.job(), "x");
            committer.abort(JOB);
            committer.abort(JOB);
        }

        assertThat(out).doesNotExist();
    }

    @Test
    void abortKeepsADirectoryThatWasThereAndTheResultsInIt() throws IOException {
        Files.writeString(folder.resolve("part-00000"), "former");
        OutputCommitter committer = committer(folder);
        try (OutputClaim claim = committer.claim(JOB, true)) {
            writeParts(committer, claim.job(), "x");
            committer.abort(JOB);
        }

        assertThat(contentOf(folder)).isEqualTo(Map.of("part-00000", "former"));
    }

    @Test
    void abortOfAJobWithoutAClaimLeavesTheOneThatHasItAlone() throws IOException {
        OutputCommitter committer = committer(folder);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            List<PartFile> parts = writeParts(committer, claim.job(), "x");
            committer.abort(OTHER);
            committer.commit(JOB, false, parts, facts());
        }

        assertThat(contentOf(folder)).hasSize(4);
    }

    @Test
    void anAttemptThatIsNotFinishedLeavesNoFile() throws IOException {
        OutputCommitter committer = committer(folder);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            try (AttemptOutput output = committer.open(attempt(JOB, 0, 0), 0, "")) {
                output.stream().write(new byte[1_000_000]);
                assertThat(output.bytes()).isEqualTo(1_000_000);
            }
            assertThat(folder.resolve("_temporary/" + claim.job())).isEmptyDirectory();
        }
    }

    @Test
    void anAttemptAfterTheEndOfItsJobIsRefused() {
        OutputCommitter committer = committer(folder);
        committer.claim(JOB, false).close();
        committer.abort(JOB);

        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(() -> committer.open(attempt(JOB, 0, 0), 0, ""))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTPUT_UNWRITABLE))
                .withMessageContaining("Output directory " + folder + ": cannot write for job job-1");
    }

    @Test
    void theExtensionFollowsTheNumberAndMayNotLeaveTheDirectory() throws IOException {
        OutputCommitter committer = committer(folder);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            PartFile part;
            try (AttemptOutput output = committer.open(attempt(claim.job(), 0, 0), 0, ".csv")) {
                part = output.finish(0);
            }
            committer.commit(JOB, false, List.of(part), facts());
        }
        assertThat(folder.resolve("part-00000.csv")).isEmptyFile();
        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(() -> committer.open(attempt(JOB, 0, 0), 0, "/../x"))
                .withMessageContaining("Extension of output files '/../x'; expected");
    }

    @Test
    void aPartThatIsGoneOrChangedIsCorrupt() throws IOException {
        OutputCommitter committer = committer(folder);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            List<PartFile> parts = writeParts(committer, claim.job(), "x");
            Files.writeString(folder.resolve(parts.get(0).attemptFile()), "longer than it was");
            assertThatExceptionOfType(SampoException.class)
                    .isThrownBy(() -> committer.commit(JOB, false, parts, facts()))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
                    .withMessageContaining("18 bytes; expected 2");
            Files.delete(folder.resolve(parts.get(0).attemptFile()));
            assertThatExceptionOfType(SampoException.class)
                    .isThrownBy(() -> committer.commit(JOB, false, parts, facts()))
                    .withMessageContaining("is gone; expected partition 0 as _temporary/job-1/2-00000-0 wrote it");
            Files.writeString(folder.resolve("part-00000"), "ab");
            assertThatExceptionOfType(SampoException.class)
                    .isThrownBy(() -> committer.commit(JOB, false, parts, facts()))
                    .withMessageContaining("has digest sha256:");
        }
    }

    @Test
    void anotherGrantAfterAFailureReplacesTheFirst() throws IOException {
        OutputCommitter committer = committer(folder);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            List<PartFile> lost = new ArrayList<>(writeParts(committer, claim.job(), "x"));
            Files.delete(folder.resolve(lost.get(2).attemptFile()));
            assertThatExceptionOfType(SampoException.class)
                    .isThrownBy(() -> committer.commit(JOB, false, lost, facts()));

            List<PartFile> granted = writeParts(committer, JOB, "y");
            committer.commit(JOB, false, granted, facts());
        }

        assertThat(contentOf(folder))
                .isEqualTo(Map.of("_SUCCESS", "", "part-00000", "y0", "part-00001", "y1", "part-00002", "y2"));
    }

    @Test
    void twoFilesForOnePartitionAreADefect() throws IOException {
        OutputCommitter committer = committer(folder);
        PartFile part = new PartFile(0, "_temporary/job-1/a", "", 0, 0, "");

        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(() -> committer.commit(JOB, false, List.of(part, part), facts()))
                .withMessage("Job job-1: two files for partition 0; expected one");
    }

    @Test
    void refusesAUriOfNoFileSystem() {
        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(() ->
                        new OutputCommitter(URI.create("nowhere://host/out"), OutputFixture.RENAMING, FaultPoints.NONE))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.JOB_INVALID))
                .withMessageContaining("Output directory nowhere://host/out");
    }

    @Test
    void aManifestOfAnotherKindIsNotRead() throws IOException {
        Path file = folder.resolve("_SUCCESS");
        assertThatExceptionOfType(SampoException.class)
                .isThrownBy(() -> Manifest.read(file))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_NOT_FOUND));
        for (String content : List.of("", "null", "{}", "[", "{\"format\":1}")) {
            Files.writeString(file, content);
            assertThatExceptionOfType(SampoException.class)
                    .as(content)
                    .isThrownBy(() -> Manifest.read(file))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_CORRUPT));
        }
    }
}
