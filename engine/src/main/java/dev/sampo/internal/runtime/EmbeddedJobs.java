package dev.sampo.internal.runtime;

import dev.sampo.internal.model.JobId;
import java.nio.file.Path;
import java.util.List;

/** Jobs of an engine in this JVM: all attempts run here, results are handed over in files of the engine's own. */
record EmbeddedJobs(NodeResources resources) implements EngineRuntime.JobHome {
    @Override
    public void register(JobId job, List<ClassLoader> loaders) {
        resources.services().loaders().register(job, loaders);
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
