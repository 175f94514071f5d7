package dev.sampo.internal.protocol;

import dev.sampo.api.JobState;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the cluster coordinator accepts from nodes and submitters. */
public interface ClusterProtocol {
    /** Which messages a build speaks. Raised when builds before and after a change cannot work together. */
    int VERSION = 2;

    /** Everything the cluster coordinator accepts. */
    interface Command {}

    /** What may cross the network. */
    sealed interface Wire extends Command, WireMessage {}

    /**
     * A worker node offers its slots. Repeated until {@link NodeProtocol.NodeRegistered} answers; a repeated offer
     * changes nothing. {@link NodeProtocol.NodeRefused} answers a node that speaks another version.
     *
     * @param protocol {@link #VERSION} of the node
     * @param served the highest epoch that the node has served; a coordinator of a lower one begins another reign
     * @param holding the jobs of which the node holds outputs
     */
    record RegisterNode(
            int protocol,
            NodeFacts node,
            ActorRef<NodeProtocol.Wire> agent,
            CoordinatorEpoch served,
            List<JobId> holding)
            implements Wire {
        /** Makes the offer of a node of this build. */
        public RegisterNode(
                NodeFacts node, ActorRef<NodeProtocol.Wire> agent, CoordinatorEpoch served, List<JobId> holding) {
            this(VERSION, node, agent, served, holding);
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

    /**
     * A node says what it runs, also attempts that do not heed their interrupt, and so keeps their leases. Answered by
     * {@link NodeProtocol.LeasesRenewed}.
     *
     * @param epoch the epoch the node knows
     * @param running the attempts it runs
     * @param progress how far those are of which that is known
     * @param lostSlots how many of its slots are held by attempts that ignore their interrupt
     */
    record RenewLeases(
            CoordinatorEpoch epoch,
            NodeId node,
            List<AttemptId> running,
            List<AttemptProgress> progress,
            int lostSlots,
            ActorRef<NodeProtocol.Wire> agent)
            implements Wire {}

    /**
     * How far an attempt is.
     *
     * @param permille the part of its input that it has taken in, from 1 to 1000
     */
    record AttemptProgress(AttemptId attempt, int permille) {}

    /**
     * A node leaves: it takes no new attempts, and wants what it holds moved. Repeated until {@link
     * NodeProtocol.NodeDrained} answers.
     */
    record DrainStarted(NodeId node, ActorRef<NodeProtocol.Wire> agent) implements Wire {}

    /** The node is gone from now on, by its own word. */
    record NodeLeaves(NodeId node) implements Wire {}

    /** Somebody wants the worker at this address to leave in order. */
    record DrainNode(String address) implements Wire {}

    /** Somebody wants a job stopped. A job that has ended stays as it is. */
    record CancelJob(JobId job, String reason) implements Wire {}

    /** A question; its answer changes nothing. */
    sealed interface Query extends Wire {}

    /**
     * Somebody wants to know the jobs.
     *
     * @param states the states they are in; all states when empty
     * @param limit at most so many, the newest
     * @param replyTo is told
     */
    record ListJobs(List<JobState> states, int limit, ActorRef<ApiProtocol.JobsListed> replyTo) implements Query {}

    /**
     * Somebody wants to know all of a job.
     *
     * @param job the job
     * @param patience how long the answer may wait for the end of the job
     * @param replyTo is told
     */
    record DescribeJob(JobId job, Duration patience, ActorRef<ApiProtocol.JobDescribed> replyTo) implements Query {}

    /** Somebody wants a job stopped, and to know whether there is one. */
    record StopJob(JobId job, String reason, ActorRef<ApiProtocol.JobDescribed> replyTo) implements Wire {}

    /** Somebody wants to know the worker nodes. */
    record ListNodes(ActorRef<ApiProtocol.NodesListed> replyTo) implements Query {}

    /**
     * Somebody wants to know what happened.
     *
     * @param after the sequence number after which to begin; 0 for the oldest event kept, -1 for those to come
     * @param job whose events; empty for those of all jobs and of the nodes
     * @param limit at most so many
     * @param patience how long the answer may wait for an event
     * @param replyTo is told
     */
    record ReadEvents(long after, String job, int limit, Duration patience, ActorRef<ApiProtocol.EventsRead> replyTo)
            implements Query {}
}
