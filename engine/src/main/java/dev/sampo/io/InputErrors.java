package dev.sampo.io;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.util.zip.ZipException;

/** Says what an I/O error means for an input. */
final class InputErrors {
    private InputErrors() {}

    /**
     * Returns the error to report for a file.
     *
     * @param file how people see it
     * @throws ClosedByInterruptException when the attempt is being stopped, which is no error of the input
     */
    static SampoException explain(String file, IOException cause) throws ClosedByInterruptException {
        if (cause instanceof ClosedByInterruptException interrupt) {
            throw interrupt;
        }
        if (cause instanceof NoSuchFileException) {
            return new SampoException(
                    ErrorCode.INPUT_NOT_FOUND, "input " + file + " does not exist; expected a file", cause);
        }
        if (cause instanceof FileSystemLoopException) {
            return new SampoException(
                    ErrorCode.INPUT_UNREADABLE,
                    "input " + file + " is a symbolic link to a directory it lies in; expected no cycle",
                    cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new SampoException(
                    ErrorCode.INPUT_UNREADABLE,
                    "input " + file + " may not be read; expected permission for user "
                            + System.getProperty("user.name"),
                    cause);
        }
        if (cause instanceof ZipException || cause instanceof EOFException) {
            return new SampoException(
                    ErrorCode.INPUT_CORRUPT,
                    "input " + file + " is corrupt: " + cause.getMessage() + "; expected a whole archive",
                    cause);
        }
        return new SampoException(
                ErrorCode.INPUT_UNREADABLE,
                "input " + file + " cannot be read: " + cause.getMessage() + "; expected a readable file",
                cause);
    }

    static SampoException danglingLink(String file) {
        return new SampoException(
                ErrorCode.INPUT_UNREADABLE,
                "input " + file + " is a symbolic link to nothing; expected a file or a directory");
    }
}
