package dev.sampo.internal.protocol;

import dev.sampo.api.OutputPart;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.model.TaskId;
import dev.sampo.spi.Split;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the coordinator of a job accepts from node agents and attempts. */
public interface TaskProtocol {
    /** Everything a job coordinator accepts. */
    interface Command {}

    /** What may cross the network. Carries the epoch of the order it answers. */
    sealed interface Wire extends Command, WireMessage {
        /** Returns the epoch of the coordinator whose order this answers. */
        CoordinatorEpoch epoch();
    }

    /** A node has an order of a job whose functions it does not know. */
    record DefinitionWanted(CoordinatorEpoch epoch, JobId job, ActorRef<NodeProtocol.Wire> agent) implements Wire {}

    /** A node lacks a blob of a job it has attempts of. Repeated until {@link NodeProtocol.BlobFrom} answers. */
    record BlobWanted(
            CoordinatorEpoch epoch, JobId job, String digest, DataAddress node, ActorRef<NodeProtocol.Wire> agent)
            implements Wire {}

    /** A node has a blob and gives it to others. */
    record BlobHeld(CoordinatorEpoch epoch, JobId job, String digest, DataAddress node) implements Wire {}

    /** A node could not get a blob from the holder it was sent to, and waits for another. */
    record BlobMissed(
            CoordinatorEpoch epoch, JobId job, String digest, DataAddress node, DataAddress holder, String reason)
            implements Wire {}

    /**
     * What became of attempts of a job on a node. A node collects such reports while it has other attempts to go on with,
     * so that very many short tasks do not mean as many messages; the coordinator takes them in at one go, in the order of
     * the components. It may be lost or come twice like any other message.
     *
     * @param started those that are at their node: their actors run, or will when the blobs of their job are there
     * @param handedBack those that waited for a slot that an earlier attempt keeps, and so have not begun
     * @param held those that are done, and whose outputs the node holds for the next stage
     * @param failed those that failed, or were stopped
     */
    record AttemptReports(
            CoordinatorEpoch epoch,
            JobId job,
            NodeId node,
            List<AttemptOfJob> started,
            List<AttemptOfJob> handedBack,
            List<HeldReport> held,
            List<FailedReport> failed)
            implements Wire {}

    /** An attempt of a job that is known from the message around it. */
    record AttemptOfJob(int stage, int index, int number) {
        /** Leaves the job out of an id. */
        public static AttemptOfJob without(AttemptId id) {
            return new AttemptOfJob(id.task().stage(), id.task().index(), id.number());
        }

        /** Returns the id. */
        public AttemptId in(JobId job) {
            return new AttemptId(new TaskId(job, stage, index), number);
        }
    }

    /**
     * An attempt is done, and its node holds its output.
     *
     * @param bytes the size of the output
     * @param nanos how long it took on its thread
     */
    record HeldReport(AttemptOfJob attempt, TaskCounters counters, long bytes, long nanos) {}

    /** An attempt failed. */
    record FailedReport(AttemptOfJob attempt, FailureReport failure) {}

    /** The node does not take the attempt: it is leaving, or has no slot free. */
    record AttemptRefused(CoordinatorEpoch epoch, AttemptId attempt, NodeId node, String reason) implements Wire {}

    /** One split of one of the job's inputs. */
    record ListedSplit(int input, Split split) {}

    /**
     * The plan attempt has claimed the output and listed the splits. A list that is too long for one message comes in
     * pages, in any order.
     *
     * @param splits the splits of this page
     * @param first the index of the first of them in the whole list
     * @param total how many splits there are
     */
    record PlanReady(CoordinatorEpoch epoch, AttemptId attempt, List<ListedSplit> splits, int first, int total)
            implements Wire {}

    /** A sample attempt has seen its share of the keys. */
    record SampleReady(CoordinatorEpoch epoch, AttemptId attempt, List<byte[]> keys) implements Wire {}

    /** The attempt has written its part and asks whether it is the one that counts. Repeated until answered. */
    record CommitRequested(
            CoordinatorEpoch epoch,
            AttemptId attempt,
            PartFile part,
            TaskCounters counters,
            ActorRef<NodeProtocol.Wire> agent)
            implements Wire {}

    /** The commit attempt has made the result visible. */
    record JobCommitted(CoordinatorEpoch epoch, AttemptId attempt, List<OutputPart> parts) implements Wire {}

    /** An attempt ignores its interrupt: the node has one slot less. */
    record SlotLost(CoordinatorEpoch epoch, AttemptId attempt, NodeId node) implements Wire {}

    /**
     * Whether a node sees the job's output directory.
     *
     * @param problem why it cannot write there; empty when it can
     */
    record OutputProbed(CoordinatorEpoch epoch, JobId job, NodeId node, String problem) implements Wire {}

    /**
     * Whether a node has taken over an output.
     *
     * @param problem why not; empty when it has
     */
    record OutputAdopted(CoordinatorEpoch epoch, AttemptId producer, NodeId node, String problem) implements Wire {}

    /** Nothing of the job is left on the node. */
    record JobForgotten(CoordinatorEpoch epoch, JobId job, NodeId node) implements Wire {}
}
