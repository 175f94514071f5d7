package dev.sampo.internal.output;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The names in an output directory.
 *
 * <pre>
 * part-00000 ...              visible results
 * _SUCCESS                    the manifest; there means that the results are complete
 * _temporary/_lock            locked by the process that holds the claim, where locks work
 * _temporary/_claim           which job and process hold the claim
 * _temporary/JOB/2-00017-0    what one attempt wrote
 * _temporary/JOB/_parts       the parts a commit has begun to move
 * _temporary/JOB/_probe-0-0   what the plan attempt left for other nodes to find
 * </pre>
 *
 * On an object store, where a rename is a copy, an attempt writes {@code part-00017~JOB~2-00017-0} beside the visible results,
 * and {@code _PARTS} lists those that count, by line.
 *
 * @param directory the output directory
 * @param inPlace whether attempts write files that need no rename
 */
record OutputLayout(Path directory, boolean inPlace) {
    private static final String TEMPORARY = "_temporary";
    private static final String SUCCESS = "_SUCCESS";
    private static final String NAME_LIST = "_PARTS";
    private static final Pattern PART = Pattern.compile("part-\\d{5,}.*");

    Path temporary() {
        return directory.resolve(TEMPORARY);
    }

    Path lock() {
        return temporary().resolve("_lock");
    }

    Path claim() {
        return temporary().resolve("_claim");
    }

    Path success() {
        return directory.resolve(SUCCESS);
    }

    Path jobDirectory(JobId job) {
        return temporary().resolve(job.value());
    }

    Path partList(JobId job) {
        return jobDirectory(job).resolve("_parts");
    }

    /** What the plan attempt of a job leaves so that other nodes can show that they see the directory. */
    Path probe(AttemptId planner) {
        return jobDirectory(planner.task().job()).resolve("_probe-" + planner.localName());
    }

    /** Where a file of {@link #jobDirectory} is written before it gets its name. */
    Path draft(JobId job, String name) {
        return jobDirectory(job).resolve(name + ".draft");
    }

    /** Returns the attempt's file relative to the directory, with slashes on every platform. */
    String attemptFile(AttemptId attempt, int partition, String extension) {
        JobId job = attempt.task().job();
        return inPlace
                ? partName(partition, "~" + job + "~" + attempt.localName() + extension)
                : TEMPORARY + "/" + job + "/" + attempt.localName();
    }

    /** Returns whether a file was written in place by an attempt of a job. */
    static boolean isOfJob(Path file, JobId job) {
        return isPart(file) && nameOf(file).contains("~" + job + "~");
    }

    Path attemptFile(PartFile part) {
        return directory.resolve(part.attemptFile());
    }

    Path part(PartFile part) {
        return directory.resolve(partName(part));
    }

    /** Returns the name of a part that counts. */
    String partName(PartFile part) {
        return inPlace ? part.attemptFile() : partName(part.partition(), part.extension());
    }

    private static String partName(int partition, String rest) {
        return String.format(Locale.ROOT, "part-%05d%s", partition, rest);
    }

    /** The names of the parts that count, where attempts write in place. */
    Path nameList() {
        return directory.resolve(NAME_LIST);
    }

    /** Returns what is in the directory besides the temporary one, by name. */
    List<Path> visible() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!nameOf(entry).equals(TEMPORARY)) {
                    found.add(entry);
                }
            }
        }
        Collections.sort(found);
        return found;
    }

    /** Returns the files that have the names of parts. */
    List<Path> parts() throws IOException {
        return visible().stream().filter(OutputLayout::isPart).toList();
    }

    /** Returns whether a job may have written the file as a part. */
    private static boolean isPart(Path file) {
        return PART.matcher(nameOf(file)).matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns whether no job writes files of this name or kind into its output directory. */
    static boolean isForeign(Path file) {
        boolean isOurs = (nameOf(file).equals(SUCCESS) || nameOf(file).equals(NAME_LIST))
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        return !isOurs && !isPart(file);
    }

    /** Returns the last name of a path; some file systems end those of directories with a slash. */
    static String nameOf(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }
}
