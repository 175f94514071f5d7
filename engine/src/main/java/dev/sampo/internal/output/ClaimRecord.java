package dev.sampo.internal.output;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code _claim}.
 *
 * @param job the job that holds the claim, or held it
 * @param process the process that holds it; empty when it was given back without a commit
 * @param createdDirectory whether the output directory was made by the claim
 */
record ClaimRecord(String job, String process, boolean createdDirectory) {
    private static final String NOBODY = "";

    /** Returns what a claim file says, or null when there is none; one that cannot be understood names no job. */
    static @Nullable ClaimRecord read(Path file) throws IOException {
        try {
            return JsonFile.read(file, ClaimRecord.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (JacksonException e) {
            // Cut short by a crash, or being written right now.
            return new ClaimRecord("unknown", "unknown", false);
        }
    }

    void write(Path file) throws IOException {
        JsonFile.write(file, this);
    }

    /** Returns this process, in a form that no other process ever has. */
    static String thisProcess() {
        RuntimeMXBean process = ManagementFactory.getRuntimeMXBean();
        return process.getName() + " started " + process.getStartTime();
    }

    boolean isOfThisProcess() {
        return process.equals(thisProcess());
    }

    boolean isGivenBack() {
        return process.equals(NOBODY);
    }

    ClaimRecord givenBack() {
        return new ClaimRecord(job, NOBODY, createdDirectory);
    }
}
