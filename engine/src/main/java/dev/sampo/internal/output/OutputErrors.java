package dev.sampo.internal.output;

import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;

/**
 * Gives failures of a file system their error code and names the output directory in them.
 *
 * @param directory the output directory
 */
record OutputErrors(Path directory) {
    /** Something that works on files. */
    interface Action<T> {
        T run() throws IOException;
    }

    /** Runs an action; {@code purpose} completes "cannot". */
    <T> T guard(String purpose, Action<T> action) {
        try {
            return action.run();
        } catch (IOException | ReadOnlyFileSystemException e) {
            throw unwritable(purpose, e);
        }
    }

    SampoException unwritable(String purpose, Exception cause) {
        return new SampoException(
                ErrorCode.OUTPUT_UNWRITABLE,
                "Output directory " + directory + ": cannot " + purpose + ": " + reason(cause)
                        + "; expected a writable directory with free space",
                cause);
    }

    SampoException exists(String problem) {
        return new SampoException(ErrorCode.OUTPUT_EXISTS, "Output directory " + directory + ": " + problem);
    }

    SampoException claimed(String problem) {
        return new SampoException(ErrorCode.OUTPUT_CLAIMED, "Output directory " + directory + ": " + problem);
    }

    /** Another node planned the job for an earlier coordinator, and lets go once it hears of the new one. */
    SampoException claimedForFormerReign(JobId job) {
        return new SampoException(
                ErrorCode.STALE_EPOCH,
                "Output directory " + directory + ": another node still holds it for an earlier reign of job " + job
                        + "; tried again until it lets go");
    }

    private static String reason(Exception cause) {
        if (cause instanceof ReadOnlyFileSystemException) {
            return "the file system is read-only";
        }
        if (cause instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (cause instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (cause instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason() + " (" + failure.getFile() + ")";
        }
        return cause.toString();
    }
}
