package dev.sampo.internal.shuffle;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Creates and deletes the files of attempts. */
final class TempFiles {
    /** Far more often than a directory can vanish between two steps without something being wrong with it. */
    private static final int TRIES = 100;

    private TempFiles() {}

    /** Creates a file that must not exist, and its directory where that does not. */
    static FileChannel create(Path file) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                Files.createDirectories(directoryOf(file));
                return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            } catch (ClosedByInterruptException interrupted) {
                delete(file);
                throw interrupted;
            } catch (NoSuchFileException directoryGone) {
                // Another thread may have deleted the last other file, and the directory with it.
                if (tries == TRIES) {
                    throw unwritable(file, directoryGone);
                }
            } catch (FileAlreadyExistsException inTheWay) {
                // Thrown for the directory too, when it vanishes just after it was found to exist.
                if (tries == TRIES || Files.exists(directoryOf(file))) {
                    throw unwritable(file, inTheWay);
                }
            } catch (IOException failure) {
                throw unwritable(file, failure);
            }
        }
    }

    /** Returns the error of a file that cannot be written. */
    static SampoException unwritable(Path file, IOException failure) {
        return new SampoException(
                ErrorCode.SPILL_FAILED,
                "directory " + directoryOf(file) + ": cannot write " + file.getFileName() + ": " + failure
                        + "; expected a writable directory with free space",
                failure);
    }

    /** Deletes a file, if it is there, and its directory, if that is empty then. Does not fail. */
    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftBehind) {
            // What cannot be deleted is left to the clean-up of the node's work directory.
            return;
        }
        deleteIfEmpty(directoryOf(file));
    }

    /** Deletes a directory, if it is one and empty. Does not fail. */
    static void deleteIfEmpty(Path directory) {
        try {
            if (Files.isDirectory(directory)) {
                Files.deleteIfExists(directory);
            }
        } catch (IOException inUse) {
            // Somebody else's files are in it.
            return;
        }
    }

    private static Path directoryOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "directory of a file");
    }
}
