package dev.sampo.internal.blob;

import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blobs of one node: files named by the SHA-256 of their bytes. A blob is written under a private name, checked, and
 * renamed, so whoever finds it finds all of it. It stays while a job holds it. The directory belongs to the store alone;
 * what a former process left in it is deleted. Safe for many threads.
 */
public final class BlobStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlobStore.class);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final String UNFINISHED = ".part";

    private final Path directory;
    private final BlobLimits limits;
    private final FileOpener opener;
    private final Map<String, Entry> entries = new HashMap<>();
    private long reserved;

    /** Opens a new file for writing; a test makes it fail. */
    @FunctionalInterface
    interface FileOpener {
        OutputStream open(Path file) throws IOException;
    }

    /** One blob. Its fields are guarded by the store, writing it by its own lock. */
    private static final class Entry {
        final ReentrantLock writing = new ReentrantLock();
        final Set<JobId> jobs = new HashSet<>();
        int writers;
        long bytes = -1;

        boolean isHere() {
            return bytes >= 0;
        }
    }

    /**
     * Opens a store.
     *
     * @param directory made when the first blob comes; all in it is deleted
     * @param limits what it takes
     */
    public BlobStore(Path directory, BlobLimits limits) {
        this(directory, limits, Files::newOutputStream);
    }

    BlobStore(Path directory, BlobLimits limits, FileOpener opener) {
        this.directory = directory;
        this.limits = limits;
        this.opener = opener;
        deleteAll();
    }

    /** Returns the file of a blob, when all of it is here. It stays until the last job that holds it is released. */
    public synchronized Optional<Path> find(String digest) {
        Entry entry = entries.get(digest);
        return entry != null && entry.isHere() ? Optional.of(file(digest)) : Optional.empty();
    }

    /** Has a job hold those of its blobs that are here. Returns the others. */
    public synchronized List<BlobRef> retain(JobId job, Collection<BlobRef> blobs) {
        List<BlobRef> missing = new ArrayList<>();
        for (BlobRef blob : blobs) {
            Entry entry = entries.get(blob.digest());
            if (entry != null && entry.isHere()) {
                entry.jobs.add(job);
            } else {
                missing.add(blob);
            }
        }
        return missing;
    }

    /** Lets go of all that a job holds. What nobody else holds is deleted. */
    public synchronized void release(JobId job) {
        for (Iterator<Map.Entry<String, Entry>> each = entries.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<String, Entry> known = each.next();
            Entry entry = known.getValue();
            if (entry.jobs.remove(job) && isUnused(entry)) {
                each.remove();
                drop(known.getKey(), entry);
            }
        }
    }

    /**
     * Takes a blob in and has a job hold it. When several bring the same one, the first writes and the others wait; they
     * read nothing when it succeeds. Blocks.
     *
     * @param in the bytes; not closed
     * @throws SampoException {@link ErrorCode#JOB_INVALID} when it is too large, {@link ErrorCode#FETCH_FAILED} when the
     *     bytes end early, are others, or cannot be read, {@link ErrorCode#SPILL_FAILED} when they cannot be written;
     *     then nothing of it is left
     */
    public void put(JobId job, BlobRef blob, InputStream in) {
        if (blob.bytes() > limits.blobBytes()) {
            throw new SampoException(
                    ErrorCode.JOB_INVALID,
                    describe(blob) + " is too large; expected at most " + limits.blobBytes()
                            + " bytes (sampo.ship.max-blob-size)");
        }
        Entry entry;
        synchronized (this) {
            entry = entries.computeIfAbsent(blob.digest(), digest -> new Entry());
            entry.jobs.add(job);
            entry.writers++;
        }
        boolean done = false;
        entry.writing.lock();
        try {
            if (find(blob.digest()).isEmpty()) {
                reserve(blob);
                write(blob, in);
                synchronized (this) {
                    entry.bytes = blob.bytes();
                }
            }
            done = true;
        } finally {
            entry.writing.unlock();
            synchronized (this) {
                entry.writers--;
                if (!done && entry.writers == 0) {
                    entry.jobs.remove(job);
                }
                if (isUnused(entry) && entries.remove(blob.digest(), entry)) {
                    drop(blob.digest(), entry); // the job ended in the meantime, or nothing was written
                }
            }
        }
    }

    private static boolean isUnused(Entry entry) {
        return entry.jobs.isEmpty() && entry.writers == 0;
    }

    private synchronized void reserve(BlobRef blob) {
        if (reserved + blob.bytes() > limits.storeBytes()) {
            throw new SampoException(
                    ErrorCode.SPILL_FAILED,
                    describe(blob) + " has no room beside " + reserved + " bytes of others; expected at most "
                            + limits.storeBytes() + " bytes in all (sampo.ship.max-store-size)");
        }
        reserved += blob.bytes();
    }

    private synchronized void unreserve(BlobRef blob) {
        reserved -= blob.bytes();
    }

    private void write(BlobRef blob, InputStream in) {
        Path part = directory.resolve(blob.digest() + UNFINISHED);
        boolean done = false;
        try {
            Files.createDirectories(directory);
            try (OutputStream out = opener.open(part)) {
                copy(blob, in, out);
            }
            Files.move(part, file(blob.digest()));
            done = true;
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.SPILL_FAILED,
                    describe(blob) + " cannot be written to " + directory + ": " + e.getMessage()
                            + "; expected a disk with room for it (sampo.temp-dir)",
                    e);
        } finally {
            if (!done) {
                unreserve(blob);
                delete(part);
            }
        }
    }

    /** Throws an IOException only where writing fails. */
    private static void copy(BlobRef blob, InputStream in, OutputStream out) throws IOException {
        DigestInputStream digesting = new DigestInputStream(in, sha256());
        byte[] buffer = new byte[BUFFER_BYTES];
        long copied = 0;
        for (int read = read(blob, digesting, buffer); read >= 0; read = read(blob, digesting, buffer)) {
            copied += read;
            if (copied > blob.bytes()) {
                throw altered(blob, "has more bytes than it should");
            }
            out.write(buffer, 0, read);
        }
        if (copied < blob.bytes()) {
            throw altered(blob, "ended after " + copied + " bytes");
        }
        String found = HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        if (!found.equals(blob.digest())) {
            throw altered(blob, "has the SHA-256 " + found);
        }
    }

    private static int read(BlobRef blob, InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.FETCH_FAILED, describe(blob) + " could not be read to its end: " + e.getMessage(), e);
        }
    }

    private static SampoException altered(BlobRef blob, String how) {
        return new SampoException(
                ErrorCode.FETCH_FAILED,
                describe(blob) + " " + how + "; expected the bytes it was announced with: it was changed at its"
                        + " source or on the way");
    }

    private static String describe(BlobRef blob) {
        return "blob " + blob.name() + " (" + blob.bytes() + " bytes, SHA-256 " + blob.digest() + ")";
    }

    /** Returns a new digest of the kind that names blobs. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Path file(String digest) {
        return directory.resolve(digest);
    }

    private void drop(String digest, Entry entry) {
        if (entry.isHere()) {
            reserved -= entry.bytes;
            delete(file(digest));
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", file, e.toString());
        }
    }

    private void deleteAll() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(BlobStore::delete);
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.SPILL_FAILED, "the blobs in " + directory + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /** Deletes all blobs. */
    @Override
    public synchronized void close() {
        entries.clear();
        reserved = 0;
        if (Files.isDirectory(directory)) {
            deleteAll();
            delete(directory);
        }
    }
}
