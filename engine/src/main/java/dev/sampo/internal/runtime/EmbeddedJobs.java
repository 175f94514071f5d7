package dev.sampo.internal.runtime;

import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.client.Shipment;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Jobs of an engine in this JVM: all attempts run here, results are handed over in files of the engine's own. */
record EmbeddedJobs(NodeResources resources) implements EngineRuntime.JobHome {
    @Override
    public Runnable take(JobId job, JobPackager packed) {
        BlobStore store = resources.services().blobs().store();
        boolean done = false;
        try (Shipment shipment = packed.shipment()) {
            for (BlobRef blob : shipment.blobs()) {
                try (InputStream in = Files.newInputStream(shipment.find(blob.digest()).orElseThrow())) {
                    store.put(job, blob, in);
                }
            }
            done = true;
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.SPILL_FAILED, "what job " + job + " brings cannot be read back: " + e.getMessage(), e);
        } finally {
            if (!done) {
                store.release(job);
            }
        }
        resources.services().loaders().register(job, packed.loaders());
        return () -> {}; // the node cleans up by itself
    }

    @Override
    public Path collected(JobId job) {
        return resources.directory("results").resolve(job.value());
    }

    @Override
    public boolean outlivesEngine() {
        return false;
    }
}
