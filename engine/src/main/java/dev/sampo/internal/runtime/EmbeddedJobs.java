package dev.sampo.internal.runtime;

import dev.sampo.api.JobSpec;
import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.client.CollectedSink;
import dev.sampo.internal.client.CommittedResult;
import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.client.Shipment;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol.JobSucceeded;
import dev.sampo.spi.CodecRegistry;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Jobs of an engine in this JVM: all attempts run here, results are handed over in files of the engine's own. */
record EmbeddedJobs(NodeResources resources) implements EngineRuntime.JobHome {
    @Override
    public Runnable take(JobId job, JobPackager packed) {
        BlobStore store = resources.services().blobs().store();
        boolean done = false;
        try (Shipment shipment = packed.shipment()) {
            for (BlobRef blob : shipment.blobs()) {
                try (InputStream in =
                        Files.newInputStream(shipment.find(blob.digest()).orElseThrow())) {
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
    public <K, V> CollectedSink<K, V> collected(JobId job, JobSpec<K, V> spec, CodecRegistry codecs) {
        return CollectedSink.of(spec, directory(job), codecs);
    }

    private Path directory(JobId job) {
        return resources.directory("results").resolve(job.value());
    }

    @Override
    public CommittedResult.@Nullable PartSource parts(JobId job, JobSucceeded end) {
        Path directory = directory(job);
        return Files.isDirectory(directory) ? part -> Files.newInputStream(directory.resolve(part.name())) : null;
    }

    @Override
    public void release(JobId job) {
        PrivateDirectory.delete(directory(job));
    }

    @Override
    public boolean outlivesEngine() {
        return false;
    }
}
