package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.execute.JobClassLoaders;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The way to attempts in this JVM: classes are found by their loaders, blobs go to the store of the only node. */
final class LocalFreight implements JobFreight {
    private final BlobStore store;
    private final JobClassLoaders loaders;

    LocalFreight(BlobStore store, JobClassLoaders loaders) {
        this.store = store;
        this.loaders = loaders;
    }

    @Override
    public boolean travels() {
        return false;
    }

    @Override
    public void take(JobId job, JobPackager packed) {
        try {
            for (BlobRef blob : packed.shipment().blobs()) {
                Path file = packed.shipment().find(blob.digest()).orElseThrow();
                try (InputStream in = Files.newInputStream(file)) {
                    store.put(job, blob, in);
                } catch (IOException e) {
                    throw new SampoException(
                            ErrorCode.SPILL_FAILED, blob.name() + " cannot be read back: " + e.getMessage(), e);
                }
            }
        } catch (RuntimeException | Error e) {
            store.release(job);
            throw e;
        } finally {
            packed.shipment().close();
        }
        loaders.register(job, packed.loaders());
    }

    /** The node lets go of them by itself when the job is cleaned up. */
    @Override
    public void drop(JobId job) {}
}
