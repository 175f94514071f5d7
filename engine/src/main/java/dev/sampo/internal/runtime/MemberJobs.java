package dev.sampo.internal.runtime;

import dev.sampo.internal.model.JobId;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of a cluster that this JVM is a member of.
 *
 * @param resources what this member's own attempts share, or null when it runs none
 */
record MemberJobs(@Nullable NodeResources resources) implements EngineRuntime.JobHome {
    @Override
    public void register(JobId job, List<ClassLoader> loaders) {
        if (resources != null) {
            resources.services().loaders().register(job, loaders);
        }
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
