package dev.sampo.internal.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a file that ends with the process that holds it, whatever way that ends.
 *
 * <p>On POSIX, closing any channel of a file gives up all the locks that the process has on it. So a caller must know
 * that no other thread of its process holds the lock before it asks; see {@link ClaimRecord#isOfThisProcess}.
 */
final class DirectoryLock implements AutoCloseable {
    private static final int TRIES = 16;

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Returns whether locks mean something where a path is; file systems in archives and in memory lock nothing. */
    static boolean worksOn(Path path) {
        return path.getFileSystem().equals(FileSystems.getDefault());
    }

    /**
     * Takes the lock, and makes the file where it is missing.
     *
     * @return null when another holds it
     */
    static @Nullable DirectoryLock tryAcquire(Path file) throws IOException {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            try {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                DirectoryLock lock = lock(channel, file);
                if (lock == null || lock.isOn(file)) {
                    return lock;
                }
                lock.close();
            } catch (NoSuchFileException e) {
                // The last holder has just deleted the directory.
                Files.createDirectories(Objects.requireNonNull(file.getParent(), "parent"));
            }
        }
        throw new IOException(file + " is deleted again and again by another process");
    }

    private static @Nullable DirectoryLock lock(FileChannel channel, Path file) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // A thread of this process holds it: the same answer.
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot lock " + file + ": " + e.getMessage(), e);
        }
        channel.close();
        return null;
    }

    /**
     * The last holder may have deleted the file between our open and lock; then the lock is on a file without a name,
     * and another process may lock the next file of that name. A size that only this process gives to the file shows
     * whether ours is the one at the path: asking for a size opens nothing, and so gives up no lock.
     */
    private boolean isOn(Path file) throws IOException {
        long end = ProcessHandle.current().pid();
        channel.truncate(0);
        channel.write(ByteBuffer.allocate(1), end);
        try {
            return Files.size(file) == end + 1;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
