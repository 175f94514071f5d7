package dev.sampo.internal.output;

import static dev.sampo.internal.output.OutputFixture.JOB;
import static dev.sampo.internal.output.OutputFixture.contentOf;
import static dev.sampo.internal.output.OutputFixture.facts;
import static dev.sampo.internal.output.OutputFixture.writeParts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A commit that ends after any of its steps can be run again, and no reader is deceived at any point. */
class CommitCrashTest {
    /** What a killed process looks like to the code: nothing after the step happens. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Crashes after a number of steps, and looks at the directory after every one. */
    private static final class CrashAfter implements FaultPoints {
        private final Path directory;
        private final List<String> steps = new ArrayList<>();
        private final int crashAt;

        CrashAfter(Path directory, int crashAt) {
            this.directory = directory;
            this.crashAt = crashAt;
        }

        @Override
        public void onCommit(JobId job, String step) {
            steps.add(step);
            assertNoReaderIsDeceived(directory);
            if (steps.size() == crashAt) {
                throw new Crash();
            }
        }
    }

    @TempDir
    private Path folder;

    @Test
    void aFreshCommitCanBeRepeatedAfterACrashAtAnyStep() throws IOException {
        assertThat(crashAtEveryStepAndRepeat(folder, false)).hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void anOverwritingCommitCanBeRepeatedAfterACrashAtAnyStep() throws IOException {
        assertThat(crashAtEveryStepAndRepeat(folder, true))
                .hasSizeGreaterThanOrEqualTo(12)
                .startsWith("former _SUCCESS deleted")
                .endsWith("temporary directory deleted");
    }

    @Test
    void theSameHoldsOnAFileSystemInAnArchive() throws IOException {
        URI archive = URI.create("jar:" + folder.resolve("out.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            assertThat(crashAtEveryStepAndRepeat(zip.getPath("/"), true)).hasSizeGreaterThanOrEqualTo(12);
        }
    }

    @Test
    void anAbortAfterACrashAtAnyStepLeavesAllPartsOrNone() throws IOException {
        int crashAt = 1;
        while (true) {
            Path out = folder.resolve("abort-" + crashAt);
            OutputCommitter committer = OutputFixture.committer(out);
            try (OutputClaim claim = committer.claim(JOB, false)) {
                List<PartFile> parts = writeParts(committer, claim.job(), "new ");
                boolean crashed = crash(out, new CrashAfter(out, crashAt), parts, false);
                boolean committed = Files.exists(out.resolve("_SUCCESS"));
                committer.abort(JOB);

                assertThat(out.resolve("_temporary")).doesNotExist();
                assertThat(Files.exists(out)).isEqualTo(committed);
                assertNoReaderIsDeceived(out);
                if (!crashed) {
                    return;
                }
            }
            crashAt++;
        }
    }

    /** Returns the steps of the commit that at last was not interrupted. */
    private static List<String> crashAtEveryStepAndRepeat(Path base, boolean overwrite) throws IOException {
        int crashAt = 1;
        while (true) {
            Path out = Files.createDirectory(base.resolve("out-" + crashAt));
            if (overwrite) {
                writeFormerResult(out);
            }
            OutputCommitter committer = OutputFixture.committer(out);
            CrashAfter crashes = new CrashAfter(out, crashAt);
            try (OutputClaim claim = committer.claim(JOB, overwrite)) {
                List<PartFile> parts = writeParts(committer, claim.job(), "new ");
                boolean crashed = crash(out, crashes, parts, overwrite);
                Manifest manifest = committer.commit(JOB, overwrite, parts, facts());

                assertThat(manifest.parts()).hasSize(OutputFixture.PARTS);
                assertThat(contentOf(out))
                        .as("after a crash at step %d: %s", crashAt, crashes.steps)
                        .isEqualTo(Map.of(
                                "_SUCCESS", "", "part-00000", "new 0", "part-00001", "new 1", "part-00002", "new 2"));
                assertThat(Files.exists(out.resolve("_temporary"))).isFalse();
                if (!crashed) {
                    return crashes.steps;
                }
            }
            crashAt++;
        }
    }

    private static void writeFormerResult(Path out) throws IOException {
        OutputCommitter committer = OutputFixture.committer(out);
        JobId former = new JobId("former");
        try (OutputClaim claim = committer.claim(former, false)) {
            List<PartFile> parts = new ArrayList<>(writeParts(committer, claim.job(), "former "));
            parts.add(OutputFixture.writePart(committer, OutputFixture.attempt(former, 9, 0), 9, "former 9"));
            committer.commit(former, false, parts, facts());
        }
    }

    private static boolean crash(Path out, FaultPoints faults, List<PartFile> parts, boolean overwrite) {
        try {
            new OutputCommitter(out.toUri(), OutputFixture.RENAMING, faults).commit(JOB, overwrite, parts, facts());
            return false;
        } catch (Crash e) {
            return true;
        }
    }

    /** Where there is a manifest, the parts in it, and no others, are there as it says. */
    private static void assertNoReaderIsDeceived(Path directory) {
        Path success = directory.resolve("_SUCCESS");
        if (!Files.exists(success)) {
            return;
        }
        try {
            SortedMap<String, String> content = contentOf(directory);
            content.keySet().removeIf(name -> !name.startsWith("part-"));
            List<Manifest.Part> parts = Manifest.read(success).parts();
            assertThat(content.keySet())
                    .containsExactlyElementsOf(
                            parts.stream().map(Manifest.Part::name).toList());
            for (Manifest.Part part : parts) {
                assertThat(content.get(part.name())).hasSize((int) part.bytes());
            }
        } catch (IOException | SampoException e) {
            throw new AssertionError("unreadable result", e);
        }
    }
}
