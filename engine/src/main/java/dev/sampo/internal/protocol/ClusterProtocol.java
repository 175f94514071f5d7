package dev.sampo.internal.protocol;

import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeFacts;
import org.apache.pekko.actor.typed.ActorRef;

/** What the cluster coordinator accepts from nodes and submitters. */
public interface ClusterProtocol {
    /** Everything the cluster coordinator accepts. */
    interface Command {}

    /** What may cross the network. */
    sealed interface Wire extends Command, WireMessage {}

    /**
     * A worker node offers its slots. Repeated until {@link NodeProtocol.NodeRegistered} answers; a repeated offer
     * changes nothing.
     */
    record RegisterNode(NodeFacts node, ActorRef<NodeProtocol.Wire> agent) implements Wire {}

    /**
     * A submitter wants a job run. Repeated until {@link ClientProtocol.JobAccepted} or {@link ClientProtocol.JobRefused}
     * answers; a submit repeated with the same id is one job, which from then on tells this client too how it goes.
     */
    record SubmitJob(JobId job, JobOutline outline, JobDefinition definition, ActorRef<ClientProtocol.Wire> client)
            implements Wire {}

    /** Where the blobs of a job can be had, as asked for by {@link ClientProtocol.BlobsWanted}. */
    record BlobsOffered(JobId job, DataAddress holder) implements Wire {}

    /**
     * Somebody wants to hear how a job goes, or has not heard of it for a while. Answered by {@link
     * ClientProtocol.JobAccepted} and news from then on, or the job's end, when the coordinator knows it, by {@link
     * ClientProtocol.JobUnknown} when not: then its submitter submits it again.
     */
    record FollowJob(JobId job, ActorRef<ClientProtocol.Wire> client) implements Wire {}

    /** Somebody wants a job stopped. A job that has ended stays as it is. */
    record CancelJob(JobId job, String reason) implements Wire {}
}
