package dev.sampo.internal.runtime;

import dev.sampo.api.JobSpec;
import dev.sampo.internal.blob.ResultStore;
import dev.sampo.internal.client.CollectedSink;
import dev.sampo.internal.client.CommittedResult;
import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol.JobSucceeded;
import dev.sampo.spi.CodecRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of a cluster that this JVM is a member of.
 *
 * @param resources what this member's own attempts share, or null when it runs none
 * @param blobs serves what its jobs are made of
 * @param data reads their results
 */
record MemberJobs(@Nullable NodeResources resources, SubmittedBlobs blobs, DataPlane data)
        implements EngineRuntime.JobHome {
    @Override
    public Runnable take(JobId job, JobPackager packed) {
        if (resources != null) {
            resources.services().loaders().register(job, packed.loaders());
        }
        return blobs.take(packed.shipment());
    }

    @Override
    public <K, V> CollectedSink<K, V> collected(JobId job, JobSpec<K, V> spec, CodecRegistry codecs) {
        return CollectedSink.held(spec, codecs);
    }

    @Override
    public CommittedResult.@Nullable PartSource parts(JobId job, JobSucceeded end) {
        return end.results().equals(DataAddress.NONE)
                ? null
                : part -> new VerifiedPart(data.client().open(end.results(), ResultStore.KIND, part.sha256()), part);
    }

    @Override
    public void release(JobId job) {
        // the seed keeps the result for others who know the job's id
    }

    @Override
    public boolean outlivesEngine() {
        return true;
    }
}
