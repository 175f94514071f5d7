package dev.sampo.internal.output;

import dev.sampo.internal.fault.FaultPoints;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One commit: a sequence of steps each of which may be the last before a crash; run again, it finds out how far it came.
 *
 * <ol>
 *   <li>the former {@code _SUCCESS} is deleted, so that no reader takes what follows for a whole result;
 *   <li>the former parts are deleted;
 *   <li>the list of parts to move is written; from here on, a part in the directory is one of this job;
 *   <li>each attempt file gets its name;
 *   <li>the manifest is written beside them and moved to {@code _SUCCESS};
 *   <li>the temporary directory is deleted.
 * </ol>
 */
final class OutputCommit {
    private static final Logger LOG = LoggerFactory.getLogger(OutputCommit.class);

    private final OutputLayout layout;
    private final OutputErrors errors;
    private final FaultPoints faults;
    private final JobId job;
    private final List<PartFile> parts;

    OutputCommit(OutputLayout layout, OutputErrors errors, FaultPoints faults, JobId job, List<PartFile> parts) {
        this.layout = layout;
        this.errors = errors;
        this.faults = faults;
        this.job = job;
        this.parts = parts;
    }

    /** The content of {@code _parts}. */
    record PartList(List<PartFile> parts) {
        PartList {
            parts = List.copyOf(parts);
        }
    }

    Manifest run(boolean overwrite, Manifest manifest) throws IOException {
        Manifest former = formerManifest();
        if (former != null
                && former.job().id().equals(job.value())
                && former.parts().equals(manifest.parts())
                && noAttemptFileIsLeft()) {
            clean();
            return former;
        }
        if (!hasBegun()) {
            requireOwnFiles();
            makeRoom(overwrite);
            if (layout.inPlace()) {
                deleteLosers();
                Files.write(
                        layout.nameList(), parts.stream().map(layout::partName).toList());
                step("names of parts written");
            }
            writeWhole(layout.partList(job), new PartList(parts));
            step("part list written");
        }
        for (PartFile part : parts) {
            place(part);
        }
        writeWhole(layout.success(), manifest);
        step("_SUCCESS visible");
        clean();
        return manifest;
    }

    private @Nullable Manifest formerManifest() {
        try {
            return Manifest.read(layout.success());
        } catch (SampoException e) {
            // None, or one of another program: either way not ours.
            return null;
        }
    }

    /** Nothing of a former result is deleted for a job whose own files are gone: another try has ended it. */
    private void requireOwnFiles() {
        if (!parts.isEmpty() && !Files.isDirectory(layout.jobDirectory(job))) {
            throw new SampoException(
                    ErrorCode.JOB_CANCELED,
                    "Output directory " + layout.directory() + ": the files of job " + job
                            + " are gone; expected them until it is committed or aborted once");
        }
    }

    private boolean noAttemptFileIsLeft() {
        return layout.inPlace() || parts.stream().noneMatch(part -> Files.exists(layout.attemptFile(part)));
    }

    private void makeRoom(boolean overwrite) throws IOException {
        List<Path> formerParts = layout.parts().stream()
                .filter(part -> !layout.inPlace() || !OutputLayout.isOfJob(part, job))
                .toList();
        if (!overwrite && (Files.exists(layout.success()) || !formerParts.isEmpty())) {
            throw errors.exists("results appeared in it since job " + job + " claimed it; expected none");
        }
        if (Files.deleteIfExists(layout.success())) {
            step("former _SUCCESS deleted");
        }
        Files.deleteIfExists(layout.nameList());
        for (Path formerPart : formerParts) {
            Files.deleteIfExists(formerPart);
            step("former " + OutputLayout.nameOf(formerPart) + " deleted");
        }
    }

    /** What attempts wrote in place that do not count: readers that know no manifest would take it for data. */
    private void deleteLosers() throws IOException {
        Set<String> counting = parts.stream().map(layout::partName).collect(Collectors.toSet());
        for (Path file : layout.parts()) {
            if (!counting.contains(OutputLayout.nameOf(file))) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Returns whether an earlier try began to move these parts. What one with other parts has moved is deleted: the
     * control side granted those no longer.
     */
    private boolean hasBegun() throws IOException {
        if (!Files.exists(layout.partList(job))) {
            return false;
        }
        PartList begun = JsonFile.read(layout.partList(job), PartList.class);
        if (begun.parts().equals(parts)) {
            return true;
        }
        for (PartFile part : parts) {
            requireSize(part, layout.attemptFile(part));
        }
        for (PartFile other : begun.parts()) {
            if (!parts.contains(other)) {
                Files.deleteIfExists(layout.part(other));
            }
        }
        Files.delete(layout.partList(job));
        step("parts of another grant deleted");
        return false;
    }

    /** Gives an attempt file its name, or makes sure that an earlier try did. */
    private void place(PartFile part) throws IOException {
        Path attemptFile = layout.attemptFile(part);
        Path target = layout.part(part);
        if (layout.inPlace()) {
            requireSize(part, target);
            return;
        }
        if (Files.exists(attemptFile)) {
            requireSize(part, attemptFile);
            move(attemptFile, target);
            step(OutputLayout.nameOf(target) + " visible");
        } else {
            requireSize(part, target);
            requireDigest(part, target);
        }
    }

    private static void requireSize(PartFile part, Path file) throws IOException {
        try {
            long size = Files.size(file);
            if (size != part.bytes()) {
                throw corrupt(file, size + " bytes; expected " + part.bytes());
            }
        } catch (NoSuchFileException e) {
            throw corrupt(
                    file,
                    "is gone; expected partition " + part.partition() + " as " + part.attemptFile() + " wrote it");
        }
    }

    private static void requireDigest(PartFile part, Path file) throws IOException {
        MessageDigest digest = DigestingStream.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        String found = DigestingStream.SHA256_PREFIX + HexFormat.of().formatHex(digest.digest());
        if (!found.equals(part.digest())) {
            throw corrupt(file, "has digest " + found + "; expected " + part.digest());
        }
    }

    private static SampoException corrupt(Path file, String problem) {
        return new SampoException(ErrorCode.DATA_CORRUPT, "Output file " + file + ": " + problem);
    }

    /** Writes a file so that it is there as a whole or not at all. */
    private void writeWhole(Path file, Object value) throws IOException {
        if (layout.inPlace()) {
            JsonFile.write(file, value); // an object appears as a whole
            return;
        }
        Path draft = layout.draft(job, OutputLayout.nameOf(file));
        JsonFile.write(draft, value);
        step(OutputLayout.nameOf(draft) + " written");
        move(draft, file);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // Copies; a crash on the way leaves the original, and the next try begins anew.
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes what is left of the work. The results are complete: a failure here is not one of the job. */
    private void clean() {
        try {
            FileTree.delete(layout.jobDirectory(job));
            step("attempt files deleted");
            FileTree.delete(layout.temporary());
            step("temporary directory deleted");
        } catch (IOException e) {
            LOG.warn("{}: cannot delete {} of job {}", layout.directory(), layout.temporary(), job, e);
        }
    }

    private void step(String done) {
        faults.onCommit(job, done);
    }
}
