package dev.sampo.internal.output;

import dev.sampo.internal.model.JobId;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Claims an output directory for a job, or says why not and leaves everything as it was.
 *
 * @param layout the names in the directory
 * @param errors the errors about it
 */
record DirectoryClaimer(OutputLayout layout, OutputErrors errors) {
    private static final int FOREIGN_NAMES_SHOWN = 3;

    OutputClaim claim(JobId job, boolean overwrite) throws IOException {
        Path directory = layout.directory();
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw errors.exists("is a file; expected a directory, or nothing");
        }
        boolean claimedBefore = Files.exists(layout.temporary(), LinkOption.NOFOLLOW_LINKS);
        if (!claimedBefore && Files.exists(directory)) {
            requireFree(overwrite);
        }
        // One at a time in this process, because a thread that only looks at the lock may lose it for another.
        synchronized (DirectoryClaimer.class) {
            requireNotClaimedHere();
            boolean created = !Files.exists(directory);
            Files.createDirectories(layout.temporary());
            return DirectoryLock.worksOn(directory)
                    ? claimByLock(job, overwrite, created)
                    : claimByFile(job, overwrite, created);
        }
    }

    private void requireNotClaimedHere() throws IOException {
        ClaimRecord record = ClaimRecord.read(layout.claim());
        if (record != null && record.isOfThisProcess()) {
            throw claimedBy(record, "");
        }
    }

    private OutputClaim claimByLock(JobId job, boolean overwrite, boolean created) throws IOException {
        DirectoryLock lock = DirectoryLock.tryAcquire(layout.lock());
        if (lock == null) {
            ClaimRecord holder = ClaimRecord.read(layout.claim());
            if (holder != null && holder.job().equals(job.value())) {
                throw errors.claimedForFormerReign(job);
            }
            throw claimedBy(holder, "");
        }
        try {
            ClaimRecord former = ClaimRecord.read(layout.claim());
            takeOver(former, job, overwrite, created);
            recordOf(job, former, created).write(layout.claim());
            return new OutputClaim(job, layout.claim(), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private OutputClaim claimByFile(JobId job, boolean overwrite, boolean created) throws IOException {
        ClaimRecord former = ClaimRecord.read(layout.claim());
        if (former != null && !former.isGivenBack() && !former.job().equals(job.value())) {
            throw claimedBy(
                    former,
                    "; this file system has no locks to show whether that job still runs: if it does not, delete "
                            + layout.temporary());
        }
        takeOver(former, job, overwrite, created);
        if (former == null) {
            createExclusively(job);
        }
        recordOf(job, former, created).write(layout.claim());
        return new OutputClaim(job, layout.claim(), null);
    }

    private void createExclusively(JobId job) throws IOException {
        try {
            Files.newOutputStream(layout.claim(), StandardOpenOption.CREATE_NEW).close();
        } catch (FileAlreadyExistsException e) {
            throw claimedBy(ClaimRecord.read(layout.claim()), " and claimed it a moment before " + job);
        }
    }

    private static ClaimRecord recordOf(JobId job, @Nullable ClaimRecord former, boolean created) {
        boolean createdBefore = former != null && former.createdDirectory();
        return new ClaimRecord(job.value(), ClaimRecord.thisProcess(), created || createdBefore);
    }

    /** Deals with what a job left that no longer holds the claim, which may be an earlier life of this one. */
    private void takeOver(@Nullable ClaimRecord former, JobId job, boolean overwrite, boolean created)
            throws IOException {
        try {
            boolean resumed = former != null && former.job().equals(job.value());
            List<Path> leftovers = leftovers(job, resumed);
            if (!resumed && !overwrite && (former != null || !leftovers.isEmpty())) {
                throw errors.exists("holds the leftovers of job " + (former == null ? "unknown" : former.job())
                        + ", which ended without a commit, in " + layout.temporary()
                        + "; expected an empty directory: delete that folder, or overwrite");
            }
            if (!resumed) {
                requireFree(overwrite);
            }
            for (Path leftover : leftovers) {
                FileTree.delete(leftover);
            }
            Files.createDirectories(layout.jobDirectory(job));
        } catch (SampoException e) {
            leaveAsFound(former, created);
            throw e;
        }
    }

    private List<Path> leftovers(JobId job, boolean resumed) throws IOException {
        try (Stream<Path> entries = Files.list(layout.temporary())) {
            return entries.filter(entry -> !OutputLayout.nameOf(entry).equals(OutputLayout.nameOf(layout.lock())))
                    .filter(entry -> !OutputLayout.nameOf(entry).equals(OutputLayout.nameOf(layout.claim())))
                    .filter(entry -> !resumed || !OutputLayout.nameOf(entry).equals(job.value()))
                    .toList();
        }
    }

    private void leaveAsFound(@Nullable ClaimRecord former, boolean created) throws IOException {
        if (former == null && leftovers(new JobId("none"), false).isEmpty()) {
            FileTree.delete(layout.temporary());
            if (created) {
                Files.deleteIfExists(layout.directory());
            }
        }
    }

    /** Requires that nothing is there, or with {@code overwrite} nothing that a job did not write. */
    private void requireFree(boolean overwrite) throws IOException {
        List<Path> visible = layout.visible();
        if (!overwrite && !visible.isEmpty()) {
            throw errors.exists("is not empty: holds " + names(visible)
                    + "; expected an empty directory, or none, unless overwriting is asked for");
        }
        List<Path> foreign = visible.stream().filter(OutputLayout::isForeign).toList();
        if (!foreign.isEmpty()) {
            throw errors.exists("holds what no job wrote: " + names(foreign)
                    + "; expected nothing but _SUCCESS and part-NNNNN files, for only those are overwritten");
        }
    }

    private static String names(List<Path> files) {
        String shown = files.stream()
                .limit(FOREIGN_NAMES_SHOWN)
                .map(OutputLayout::nameOf)
                .collect(Collectors.joining(", "));
        int more = files.size() - FOREIGN_NAMES_SHOWN;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    private SampoException claimedBy(@Nullable ClaimRecord record, String addition) {
        return errors.claimed("job " + (record == null ? "unknown" : record.job())
                + " is writing into it; expected a directory of its own for every job" + addition);
    }
}
