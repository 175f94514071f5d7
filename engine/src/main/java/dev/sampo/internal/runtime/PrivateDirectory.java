package dev.sampo.internal.runtime;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of one life of a node. A file in it is locked as long as the life lasts; the system lets the lock go when
 * the process is killed, so that the next node that starts in the same place knows whose files it may remove.
 */
final class PrivateDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateDirectory.class);
    private static final String PREFIX = "sampo-";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lock;

    private PrivateDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes a directory in {@code parent}, and removes those that killed nodes left there.
     *
     * @throws SampoException {@link ErrorCode#SPILL_FAILED} when none can be made
     */
    static PrivateDirectory in(Path parent) {
        String own = PREFIX + thisProcess();
        try {
            Files.createDirectories(parent);
            removeDead(parent, own);
            return make(parent, own);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.SPILL_FAILED,
                    "sampo.temp-dir: no directory can be made in " + parent + ": " + e
                            + "; expected a folder that can be written",
                    e);
        }
    }

    Path path() {
        return path;
    }

    /** The number of a process alone comes again, in a container always. */
    private static String thisProcess() {
        ProcessHandle process = ProcessHandle.current();
        long started = process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
        return process.pid() + "-" + Long.toString(started, Character.MAX_RADIX) + "-";
    }

    private static PrivateDirectory make(Path parent, String own) throws IOException {
        Path directory = Files.createTempDirectory(parent, own);
        // locked under another name first: what has a lock file that nobody holds is dead
        Path unlocked = directory.resolve("new");
        FileChannel channel = FileChannel.open(unlocked, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            channel.lock();
            Files.move(unlocked, directory.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new PrivateDirectory(directory, channel);
    }

    private static void removeDead(Path parent, String own) throws IOException {
        List<Path> others;
        try (Stream<Path> entries = Files.list(parent)) {
            others = entries.filter(entry -> isOther(entry, own)).toList();
        }
        for (Path other : others) {
            if (isDead(other)) {
                LOG.info("removes {}, left by a node that was killed", other);
                delete(other);
            }
        }
    }

    /** Closing a lock file of this process would let go of its lock, so those of this process are not even opened. */
    private static boolean isOther(Path entry, String own) {
        String name = entry.getFileName().toString();
        return name.startsWith(PREFIX) && !name.startsWith(own) && Files.isRegularFile(entry.resolve(LOCK));
    }

    private static boolean isDead(Path directory) {
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false; // somebody else's, or just removed
        }
    }

    /** Deletes a file tree, if it is there. */
    static void delete(Path tree) {
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure) throws IOException {
                    Files.deleteIfExists(each);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            LOG.debug("{} is gone already", tree);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", tree, e.toString());
        }
    }

    @Override
    public void close() {
        delete(path);
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of {} could not be closed: {}", path, e.toString());
        }
    }
}
