package dev.sampo.internal.protocol;

import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeFacts;
import org.apache.pekko.actor.typed.ActorRef;

/** What the cluster coordinator accepts from nodes and submitters. */
public interface ClusterProtocol {
    /** Which messages a build speaks. Raised when builds before and after a change cannot work together. */
    int VERSION = 1;

    /** Everything the cluster coordinator accepts. */
    interface Command {}

    /** What may cross the network. */
    sealed interface Wire extends Command, WireMessage {}

    /**
     * A worker node offers its slots. Repeated until {@link NodeProtocol.NodeRegistered} answers; a repeated offer
     * changes nothing. {@link NodeProtocol.NodeRefused} answers a node that speaks another version.
     *
     * @param protocol {@link #VERSION} of the node
     */
    record RegisterNode(int protocol, NodeFacts node, ActorRef<NodeProtocol.Wire> agent) implements Wire {
        /** Makes the offer of a node of this build. */
        public RegisterNode(NodeFacts node, ActorRef<NodeProtocol.Wire> agent) {
            this(VERSION, node, agent);
        }
    }

    /**
     * The parent process of a worker node has seen its end. Nothing follows when another life of the node is known.
     *
     * @param address where the node was
     * @param node the life that ended; empty when it had not got one
     */
    record NodeEnded(String address, String node, String why) implements Wire {}

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
