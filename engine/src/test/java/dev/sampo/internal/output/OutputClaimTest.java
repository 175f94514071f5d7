package dev.sampo.internal.output;

import static dev.sampo.internal.output.OutputFixture.JOB;
import static dev.sampo.internal.output.OutputFixture.OTHER;
import static dev.sampo.internal.output.OutputFixture.committer;
import static dev.sampo.internal.output.OutputFixture.contentOf;
import static dev.sampo.internal.output.OutputFixture.facts;
import static dev.sampo.internal.output.OutputFixture.writeParts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may write into a directory, and what the others are told. */
@Timeout(60)
class OutputClaimTest {
    @TempDir
    private Path folder;

    @Test
    void refusesADirectoryThatHoldsAnythingAndTouchesNothing() throws IOException {
        Files.writeString(folder.resolve("part-00000"), "former");
        Map<String, String> before = contentOf(folder);

        assertRefused(() -> committer(folder).claim(JOB, false), ErrorCode.OUTPUT_EXISTS)
                .hasMessage("Output directory " + folder + ": is not empty: holds part-00000; expected an empty"
                        + " directory, or none, unless overwriting is asked for");

        assertThat(contentOf(folder)).isEqualTo(before);
        assertThat(folder.resolve("_temporary")).doesNotExist();
    }

    @Test
    void refusesAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("out"), "precious");

        assertRefused(() -> committer(file).claim(JOB, true), ErrorCode.OUTPUT_EXISTS)
                .hasMessageContaining("is a file; expected a directory, or nothing");
        assertThat(file).hasContent("precious");
    }

    @Test
    void overwritingRefusesWhatNoJobWrote() throws IOException {
        for (String name : List.of("a.txt", "b.txt", "c.txt", "d.txt", "part-00000", "_SUCCESS")) {
            Files.writeString(folder.resolve(name), "precious");
        }
        Files.createDirectory(folder.resolve("part-00001"));
        Map<String, String> before = contentOf(folder);

        assertRefused(() -> committer(folder).claim(JOB, true), ErrorCode.OUTPUT_EXISTS)
                .hasMessage("Output directory " + folder + ": holds what no job wrote: a.txt, b.txt, c.txt and 2 more;"
                        + " expected nothing but _SUCCESS and part-NNNNN files, for only those are overwritten");
        assertThat(contentOf(folder)).isEqualTo(before);
    }

    @Test
    void aSecondJobIsToldWhoWrites() {
        try (OutputClaim claim = committer(folder).claim(JOB, false)) {
            for (boolean overwrite : new boolean[] {false, true}) {
                assertRefused(() -> committer(folder).claim(OTHER, overwrite), ErrorCode.OUTPUT_CLAIMED)
                        .hasMessage("Output directory " + folder + ": job " + claim.job()
                                + " is writing into it; expected a directory of its own for every job");
            }
            assertRefused(() -> committer(folder).claim(JOB, false), ErrorCode.OUTPUT_CLAIMED);
        }
    }

    @Test
    void ofManyThreadsOneGetsTheClaim() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> jobs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                JobId job = new JobId("job-" + i);
                jobs.add(() -> claimOrRefusal(folder.resolve("out"), job));
            }
            List<String> outcomes = new ArrayList<>();
            for (Future<String> outcome : threads.invokeAll(jobs)) {
                outcomes.add(outcome.get());
            }
            assertThat(outcomes).containsOnlyOnce("claimed").contains("OUTPUT_CLAIMED");
            assertThat(outcomes).filteredOn("OUTPUT_CLAIMED"::equals).hasSize(7);
        } finally {
            threads.shutdownNow();
        }
    }

    private static String claimOrRefusal(Path directory, JobId job) {
        try {
            committer(directory).claim(job, false);
            return "claimed";
        } catch (SampoException e) {
            return e.code().name();
        }
    }

    @Test
    @SuppressWarnings("try") // an early close is what is tested
    void afterACommitTheDirectoryCanBeClaimedAgain() throws IOException {
        OutputCommitter committer = committer(folder);
        try (OutputClaim first = committer.claim(JOB, false)) {
            committer.commit(JOB, false, writeParts(committer, first.job(), "a"), facts());
            try (OutputClaim second = committer.claim(OTHER, true)) {
                first.close();
                assertRefused(() -> committer.claim(JOB, true), ErrorCode.OUTPUT_CLAIMED);
                committer.commit(OTHER, true, writeParts(committer, second.job(), "b"), facts());
            }
        }
        assertThat(folder.resolve("part-00000")).hasContent("b0");
    }

    @Test
    void leftoversOfAnotherJobAreClearedOnlyWhenOverwriting() throws IOException {
        OutputCommitter committer = committer(folder);
        try (OutputClaim gone = committer.claim(OTHER, false)) {
            writeParts(committer, gone.job(), "a");
        }

        assertRefused(() -> committer.claim(JOB, false), ErrorCode.OUTPUT_EXISTS)
                .hasMessage("Output directory " + folder + ": holds the leftovers of job job-2, which ended without a"
                        + " commit, in " + folder.resolve("_temporary")
                        + "; expected an empty directory: delete that folder, or overwrite");
        assertThat(folder.resolve("_temporary/job-2")).isNotEmptyDirectory();

        committer.claim(JOB, true).close();
        assertThat(folder.resolve("_temporary/job-2")).doesNotExist();
    }

    @Test
    void aJobGoesOnWithWhatItClaimedBefore() throws IOException {
        OutputCommitter committer = committer(folder);
        List<PartFile> parts;
        try (OutputClaim first = committer.claim(JOB, false)) {
            parts = writeParts(committer, first.job(), "a");
        }
        try (OutputClaim again = committer.claim(JOB, false)) {
            committer.commit(again.job(), false, parts, facts());
        }
        assertThat(folder.resolve("part-00002")).hasContent("a2");
    }

    @Test
    void aProcessThatDiesLeavesNoLockBehind() throws Exception {
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClaimingProgram.class.getName(),
                        out.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isEqualTo("claimed");
            assertRefused(() -> committer(out).claim(JOB, true), ErrorCode.OUTPUT_CLAIMED)
                    .hasMessageContaining("job elsewhere is writing into it");
        } finally {
            process.destroyForcibly().waitFor();
        }

        assertRefused(() -> committer(out).claim(JOB, false), ErrorCode.OUTPUT_EXISTS)
                .hasMessageContaining("leftovers of job elsewhere");
        try (OutputClaim claim = committer(out).claim(JOB, true)) {
            assertThat(claim.job()).isEqualTo(JOB);
        }
    }

    @Test
    void onAFileSystemWithoutLocksAFileHoldsTheClaim() throws IOException {
        URI archive = URI.create("jar:" + folder.resolve("out.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path out = zip.getPath("/out");
            OutputCommitter committer = committer(out);
            try (OutputClaim claim = committer.claim(JOB, false)) {
                assertRefused(() -> committer.claim(OTHER, true), ErrorCode.OUTPUT_CLAIMED);
                new ClaimRecord(JOB.value(), "a process elsewhere", true).write(out.resolve("_temporary/_claim"));
                assertRefused(() -> committer.claim(OTHER, true), ErrorCode.OUTPUT_CLAIMED)
                        .hasMessageContaining("job job-1 is writing into it")
                        .hasMessageContaining("if it does not, delete /out/_temporary");
                List<PartFile> parts = writeParts(committer, claim.job(), "a");
                committer.commit(JOB, false, parts, facts());
            }
            assertThat(contentOf(out)).hasSize(4);
            try (OutputClaim next = committer.claim(OTHER, true)) {
                assertThat(next.job()).isEqualTo(OTHER);
            }
        }
    }

    @Test
    void aClaimFileThatWasCutShortIsNoReasonToFail() throws IOException {
        Files.createDirectory(folder.resolve("_temporary"));
        Files.writeString(folder.resolve("_temporary/_claim"), "{\"job\":\"jo");

        assertRefused(() -> committer(folder).claim(JOB, false), ErrorCode.OUTPUT_EXISTS)
                .hasMessageContaining("leftovers of job unknown");
        committer(folder).claim(JOB, true).close();
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(ThrowingCallable claim, ErrorCode code) {
        return assertThatThrownBy(claim)
                .isInstanceOfSatisfying(
                        SampoException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
