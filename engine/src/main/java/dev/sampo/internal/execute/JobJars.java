package dev.sampo.internal.execute;

import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.BlobRef.BlobKind;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Looks at the jars of a job before classes are loaded from them: nothing is unpacked, only their tables are read. */
final class JobJars {
    /** More than three times what the largest fat jars hold. */
    private static final int MOST_ENTRIES = 200_000;

    private final long maxExpandedBytes;

    JobJars(long maxExpandedBytes) {
        this.maxExpandedBytes = maxExpandedBytes;
    }

    /**
     * Returns the files of the jars among the blobs of a job, in their order.
     *
     * @throws SampoException {@link ErrorCode#JOB_CLASS} when one is no jar, or would expand beyond the limits
     */
    List<Path> of(List<BlobRef> blobs, BlobStore store) {
        List<Path> files = new ArrayList<>();
        long entries = 0;
        long expanded = 0;
        for (BlobRef blob : blobs) {
            if (blob.kind() != BlobKind.JAR) {
                continue;
            }
            Path file = store.find(blob.digest())
                    .orElseThrow(() -> new IllegalStateException("jar " + blob.name() + " is not here"));
            try (ZipFile jar = new ZipFile(file.toFile())) {
                entries += jar.size();
                require(entries <= MOST_ENTRIES, blob, entries + " entries; expected at most " + MOST_ENTRIES);
                for (Enumeration<? extends ZipEntry> each = jar.entries(); each.hasMoreElements(); ) {
                    expanded += Math.max(0, each.nextElement().getSize());
                    require(
                            expanded >= 0 && expanded <= maxExpandedBytes,
                            blob,
                            "more than " + maxExpandedBytes + " bytes uncompressed; expected at most that"
                                    + " (sampo.ship.max-expanded-size)");
                }
            } catch (IOException e) {
                throw new SampoException(
                        ErrorCode.JOB_CLASS,
                        "jar " + blob.name() + " of the job cannot be read as a jar: " + e.getMessage(),
                        e);
            }
            files.add(file);
        }
        return files;
    }

    private static void require(boolean holds, BlobRef jar, String problem) {
        if (!holds) {
            throw new SampoException(
                    ErrorCode.JOB_CLASS, "the jars of the job, up to " + jar.name() + ", hold " + problem);
        }
    }
}
