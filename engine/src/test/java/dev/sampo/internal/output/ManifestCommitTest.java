package dev.sampo.internal.output;

import static dev.sampo.internal.output.OutputFixture.JOB;
import static dev.sampo.internal.output.OutputFixture.OTHER;
import static dev.sampo.internal.output.OutputFixture.attempt;
import static dev.sampo.internal.output.OutputFixture.contentOf;
import static dev.sampo.internal.output.OutputFixture.facts;
import static dev.sampo.internal.output.OutputFixture.writePart;
import static dev.sampo.internal.output.OutputFixture.writeParts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.internal.config.OutputSettings;
import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.io.TextInput;
import dev.sampo.spi.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits where a rename would be a copy: the files of attempts keep their names. */
final class ManifestCommitTest {
    private static final OutputSettings IN_PLACE = new OutputSettings(Set.of("file"));
    private static final String PART_0 = "part-00000~job-1~2-00000-0";
    private static final String PART_1 = "part-00001~job-1~2-00001-0";
    private static final String PART_2 = "part-00002~job-1~2-00002-0";

    @TempDir
    private Path out;

    @Test
    void theManifestNamesTheFilesThatAttemptsWrote() throws IOException {
        OutputCommitter committer = committer(FaultPoints.NONE);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            List<PartFile> parts = writeParts(committer, claim.job(), "text ");
            writePart(committer, attempt(JOB, 0, 1), 0, "an attempt that is not granted");

            Manifest manifest = committer.commit(JOB, false, parts, facts());

            assertThat(manifest.parts()).extracting(Manifest.Part::name).containsExactly(PART_0, PART_1, PART_2);
        }
        assertThat(contentOf(out).keySet()).containsExactly("_PARTS", "_SUCCESS", PART_0, PART_1, PART_2);
        assertThat(contentOf(out)).containsEntry("_PARTS", PART_0 + "\n" + PART_1 + "\n" + PART_2 + "\n");
    }

    @Test
    void aReaderPassesOverWhatALateAttemptLeft() throws IOException {
        OutputCommitter committer = committer(FaultPoints.NONE);
        AttemptOutput late;
        try (OutputClaim claim = committer.claim(JOB, false)) {
            late = committer.open(attempt(JOB, 1, 1), 1, "");
            committer.commit(JOB, false, writeParts(committer, claim.job(), "x"), facts());
        }
        late.finish(0);
        Files.writeString(out.resolve("part-00001~job-1~2-00001-1"), "late"); // an object appears when it is closed

        assertThat(TextInput.from(out).splits(new ReadOptions(1 << 20, 1 << 20)))
                .singleElement()
                .satisfies(split -> assertThat(split.bytes()).isEqualTo("x0x1x2".length()));
    }

    @Test
    void overwritingReplacesAFormerResultOfEitherKind() throws IOException {
        for (String name : List.of("_SUCCESS", "_PARTS", "part-00000", "part-00001~job-2~2-00001-0")) {
            Files.writeString(out.resolve(name), "former");
        }
        OutputCommitter committer = committer(FaultPoints.NONE);
        try (OutputClaim claim = committer.claim(JOB, true)) {
            committer.commit(JOB, true, writeParts(committer, claim.job(), "new "), facts());
        }
        assertThat(contentOf(out).keySet()).containsExactly("_PARTS", "_SUCCESS", PART_0, PART_1, PART_2);
    }

    @Test
    void anAbortDeletesWhatTheJobWroteAndNothingElse() throws IOException {
        OutputCommitter committer = committer(FaultPoints.NONE);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            writeParts(committer, claim.job(), "x");
            Files.writeString(out.resolve("part-00001~job-2~2-00001-0"), "of another job");
            committer.abort(JOB);
        }
        assertThat(contentOf(out).keySet()).containsExactly("part-00001~" + OTHER + "~2-00001-0");
    }

    @Test
    void anAbortAfterTheCommitLeavesTheResult() throws IOException {
        OutputCommitter committer = committer(FaultPoints.NONE);
        try (OutputClaim claim = committer.claim(JOB, false)) {
            committer.commit(JOB, false, writeParts(committer, claim.job(), "x"), facts());
        }
        committer.abort(JOB);
        assertThat(contentOf(out).keySet()).containsExactly("_PARTS", "_SUCCESS", PART_0, PART_1, PART_2);
    }

    @Test
    void aCommitCanBeRepeatedAfterACrashAtAnyStep() throws IOException {
        boolean crashed = true;
        for (int step = 1; crashed; step++) {
            Path directory = Files.createDirectory(out.resolve("crash-" + step));
            CrashAt crash = new CrashAt(step);
            OutputCommitter crashing = new OutputCommitter(directory.toUri(), IN_PLACE, crash);
            OutputCommitter committer = new OutputCommitter(directory.toUri(), IN_PLACE, FaultPoints.NONE);
            try (OutputClaim claim = committer.claim(JOB, false)) {
                List<PartFile> parts = writeParts(committer, claim.job(), "x");
                try {
                    crashing.commit(JOB, false, parts, facts());
                    crashed = false;
                } catch (CrashAt.Crash e) {
                    committer.commit(JOB, false, parts, facts());
                }
            }
            assertThat(contentOf(directory).keySet())
                    .as("step %d", step)
                    .containsExactly("_PARTS", "_SUCCESS", PART_0, PART_1, PART_2);
        }
    }

    private OutputCommitter committer(FaultPoints faults) {
        return new OutputCommitter(out.toUri(), IN_PLACE, faults);
    }

    /** Ends a commit after a number of steps. */
    private static final class CrashAt implements FaultPoints {
        private final int last;
        private int steps;

        CrashAt(int last) {
            this.last = last;
        }

        @Override
        public void onCommit(JobId job, String step) {
            if (++steps == last) {
                throw new Crash();
            }
        }

        private static final class Crash extends RuntimeException {
            private static final long serialVersionUID = 1;
        }
    }
}
