package dev.sampo.internal.runtime;

import dev.sampo.internal.client.JobPackager;
import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of a cluster that this JVM is a member of.
 *
 * @param resources what this member's own attempts share, or null when it runs none
 * @param blobs serves what its jobs are made of
 */
record MemberJobs(@Nullable NodeResources resources, SubmittedBlobs blobs) implements EngineRuntime.JobHome {
    @Override
    public Runnable take(JobId job, JobPackager packed) {
        if (resources != null) {
            resources.services().loaders().register(job, packed.loaders());
        }
        return blobs.take(packed.shipment());
    }

    @Override
    public Path collected(JobId job) {
        throw new SampoException(
                ErrorCode.JOB_INVALID,
                "job " + job + " ends in collect; expected writeTo: a cluster hands results over in a directory");
    }

    @Override
    public boolean outlivesEngine() {
        return true;
    }
}
