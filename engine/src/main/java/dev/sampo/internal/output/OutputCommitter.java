package dev.sampo.internal.output;

import dev.sampo.internal.config.OutputSettings;
import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes the results of a job visible in one directory, exactly once.
 *
 * <p>A job first claims the directory. Each attempt then writes a file of its own that no reader looks at. The commit
 * gives one file per partition its name, {@code part-NNNNN}, and {@code _SUCCESS}, the manifest, appears last: a reader
 * sees all parts, or no {@code _SUCCESS}. Who may commit, and with which attempts, the control side decides; two commits
 * of one job with the same parts are one. On an object store, where a rename is a copy, the attempts write under names that
 * stay, and the commit says which of them count. A crash of the process at any point leaves a directory that the same commit
 * can go on with. Against the loss of power it is as safe as the file system makes a file that was not forced to disk.
 *
 * <p>Holds no state; safe for many threads. Every failure is a {@link SampoException}: {@link ErrorCode#OUTPUT_EXISTS},
 * {@link ErrorCode#OUTPUT_CLAIMED}, {@link ErrorCode#OUTPUT_UNWRITABLE}.
 */
public final class OutputCommitter {
    private static final Pattern EXTENSION = Pattern.compile("[A-Za-z0-9._-]{0,64}");

    private final OutputLayout layout;
    private final OutputErrors errors;
    private final FaultPoints faults;

    /**
     * Creates a committer of one directory.
     *
     * @param directory a directory on any file system that {@link Path#of(URI)} can find; need not exist
     * @param settings which file systems are object stores
     * @throws SampoException {@link ErrorCode#JOB_INVALID} when there is no such file system
     */
    public OutputCommitter(URI directory, OutputSettings settings, FaultPoints faults) {
        this(pathOf(directory), settings, faults);
    }

    private OutputCommitter(Path directory, OutputSettings settings, FaultPoints faults) {
        String scheme = directory.getFileSystem().provider().getScheme().toLowerCase(Locale.ROOT);
        this.layout = new OutputLayout(directory, settings.manifestSchemes().contains(scheme));
        this.errors = new OutputErrors(directory);
        this.faults = faults;
    }

    private static Path pathOf(URI directory) {
        try {
            return Path.of(directory);
        } catch (IllegalArgumentException | FileSystemNotFoundException | ProviderNotFoundException e) {
            throw new SampoException(
                    ErrorCode.JOB_INVALID,
                    "Output directory " + directory + ": " + e.getMessage()
                            + "; expected a URI such as file:///data/out",
                    e);
        }
    }

    /**
     * Claims the directory for a job, and makes it and its parents where they are missing. A job may claim again what
     * an earlier process claimed for it.
     *
     * @param overwrite whether results that are there may be replaced; nothing but {@code _SUCCESS} and
     *     {@code part-NNNNN} ever is
     * @throws SampoException {@link ErrorCode#OUTPUT_EXISTS} or {@link ErrorCode#OUTPUT_CLAIMED}, with nothing changed;
     *     {@link ErrorCode#OUTPUT_UNWRITABLE}
     */
    public OutputClaim claim(JobId job, boolean overwrite) {
        return errors.guard("claim it", () -> new DirectoryClaimer(layout, errors).claim(job, overwrite));
    }

    /**
     * Leaves a file by which other nodes can show that they see the directory. The job must have claimed it.
     *
     * @param planner the attempt that claimed the directory
     */
    public void leaveProbe(AttemptId planner) {
        errors.guard("leave a probe file", () -> Files.write(layout.probe(planner), new byte[0]));
    }

    /**
     * Returns why this node cannot write results of a job: it does not see what the plan attempt left, because the directory
     * is another one here, or it cannot write beside it. Empty when it can.
     *
     * @param planner the attempt that left the probe
     * @param prober a name that no other node uses
     */
    public Optional<String> problemHere(AttemptId planner, String prober) {
        Path probe = layout.probe(planner);
        try {
            if (!Files.exists(probe)) {
                return Optional.of("does not see " + probe + ", which another node wrote");
            }
            Path answer = probe.resolveSibling(OutputLayout.nameOf(probe) + "-" + prober.replaceAll("\\W", "_"));
            Files.write(answer, new byte[0]);
            Files.deleteIfExists(answer);
            return Optional.empty();
        } catch (IOException | ReadOnlyFileSystemException e) {
            return Optional.of(
                    String.valueOf(errors.unwritable("write there", e).getMessage()));
        }
    }

    /**
     * Opens the file of one attempt. The job must have claimed the directory, and not yet committed or given it up.
     *
     * @param partition the partition that the attempt reduces, from 0
     * @param extension what follows the number in the final name; letters, digits, dots, hyphens and underscores
     */
    public AttemptOutput open(AttemptId attempt, int partition, String extension) {
        if (!EXTENSION.matcher(extension).matches()) {
            throw new SampoException(
                    ErrorCode.JOB_INVALID,
                    "Extension of output files '" + extension + "'; expected " + EXTENSION.pattern());
        }
        String name = layout.attemptFile(attempt, partition, extension);
        Path file = layout.directory().resolve(name);
        return errors.guard("write for job " + attempt.task().job(), () -> {
            DigestingStream stream = new DigestingStream(Files.newOutputStream(file), errors);
            return new AttemptOutput(file, name, partition, extension, stream);
        });
    }

    /**
     * Makes the results visible. May be called again with the same arguments after a failure or a crash, also by
     * another process; when it has been done already, it only tidies up.
     *
     * @param overwrite as in {@link #claim}
     * @param parts the granted file of each partition
     * @return the manifest as it was written first
     * @throws SampoException also {@link ErrorCode#DATA_CORRUPT} when a file is gone or is not as it was finished
     */
    public Manifest commit(JobId job, boolean overwrite, List<PartFile> parts, ManifestFacts facts) {
        List<PartFile> ordered = parts.stream()
                .sorted(Comparator.comparingInt(PartFile::partition))
                .toList();
        requireOnePerPartition(job, ordered);
        OutputCommit commit = new OutputCommit(layout, errors, faults, job, ordered);
        return errors.guard("commit job " + job, () -> commit.run(overwrite, Manifest.of(job, ordered, facts, layout)));
    }

    private static void requireOnePerPartition(JobId job, List<PartFile> ordered) {
        for (int i = 1; i < ordered.size(); i++) {
            if (ordered.get(i).partition() == ordered.get(i - 1).partition()) {
                throw new SampoException(
                        ErrorCode.INTERNAL,
                        "Job " + job + ": two files for partition "
                                + ordered.get(i).partition() + "; expected one");
            }
        }
    }

    /**
     * Gives up a job's output: deletes its attempt files and the parts of a commit that did not come to its end, and the
     * directory when the claim made it and it is empty. A committed job stays committed. Does nothing for a job that has
     * not claimed the directory, so that it may always be called.
     */
    public void abort(JobId job) {
        errors.guard("clean up after job " + job, () -> {
            hideParts(job);
            if (layout.inPlace()) {
                deleteAttemptFiles(job);
            }
            FileTree.delete(layout.jobDirectory(job));
            ClaimRecord record = ClaimRecord.read(layout.claim());
            if (record != null && record.job().equals(job.value())) {
                FileTree.delete(layout.temporary());
                removeDirectoryIfMadeAndEmpty(record);
            }
            return job;
        });
    }

    private void hideParts(JobId job) throws IOException {
        if (Files.exists(layout.partList(job)) && !Files.exists(layout.success())) {
            OutputCommit.PartList begun = JsonFile.read(layout.partList(job), OutputCommit.PartList.class);
            for (PartFile part : begun.parts()) {
                Files.deleteIfExists(layout.part(part));
            }
        }
    }

    /** Where attempts write in place: deletes all of a job that is not committed. */
    private void deleteAttemptFiles(JobId job) throws IOException {
        if (!Files.isDirectory(layout.directory())) {
            return;
        }
        Set<String> committed = new HashSet<>();
        if (Files.exists(layout.success())) {
            Manifest.read(layout.success()).parts().forEach(part -> committed.add(part.name()));
        }
        for (Path file : layout.visible()) {
            if (OutputLayout.isOfJob(file, job) && !committed.contains(OutputLayout.nameOf(file))) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void removeDirectoryIfMadeAndEmpty(ClaimRecord record) throws IOException {
        if (record.createdDirectory() && layout.visible().isEmpty()) {
            Files.deleteIfExists(layout.directory());
        }
    }
}
