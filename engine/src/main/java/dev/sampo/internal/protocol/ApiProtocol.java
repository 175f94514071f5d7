package dev.sampo.internal.protocol;

import dev.sampo.internal.model.EventReport;
import dev.sampo.internal.model.JobDetails;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobSummary;
import dev.sampo.internal.model.NodeReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What those accept who ask the cluster coordinator something: one answer to each question. */
public interface ApiProtocol {
    /** What may cross the network. */
    sealed interface Wire extends WireMessage {}

    /** The answer to {@link ClusterProtocol.ListJobs}: the newest first. */
    record JobsListed(List<JobSummary> jobs) implements Wire {}

    /**
     * The answer to {@link ClusterProtocol.DescribeJob} and {@link ClusterProtocol.StopJob}.
     *
     * @param job the job
     * @param details what is known of it, or null when it is not known
     */
    record JobDescribed(JobId job, @Nullable JobDetails details) implements Wire {}

    /** The answer to {@link ClusterProtocol.ListNodes}: the workers by id. */
    record NodesListed(List<NodeReport> nodes) implements Wire {}

    /**
     * The answer to {@link ClusterProtocol.ReadEvents}.
     *
     * @param events the events, oldest first
     * @param gap whether older ones that were asked for are not kept any more
     * @param next after which sequence number to go on
     * @param known whether the job is known; true when events of all jobs are read
     * @param ended whether nothing more will come
     */
    record EventsRead(List<EventReport> events, boolean gap, long next, boolean known, boolean ended) implements Wire {}
}
