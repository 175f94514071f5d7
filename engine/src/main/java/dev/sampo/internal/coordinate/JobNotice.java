package dev.sampo.internal.coordinate;

import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the coordinator of a job tells the cluster coordinator, its parent. */
sealed interface JobNotice extends ClusterProtocol.Command {
    /** Returns the job it is about. */
    JobId job();

    /** The job wants so many slots in all. */
    record DemandChanged(JobId job, int wanted) implements JobNotice {}

    /** The job gives a slot back. */
    record SlotReleased(JobId job, SlotLease lease) implements JobNotice {}

    /** The job wants no slot of a node for a while, or wants such slots again. */
    record NodeSetAside(JobId job, NodeId node, boolean aside) implements JobNotice {}

    /** An attempt of the job keeps a slot of the node for good; without a lease when the job had given it back. */
    record SlotGone(JobId job, NodeId node, @Nullable SlotLease lease) implements JobNotice {}

    /** The job has nothing left to do with a node that leaves. */
    record NodeEmptied(JobId job, NodeId node) implements JobNotice {}

    /** How far the job is, for those who ask, and what it has on each node. */
    record JobAdvanced(JobId job, JobProgress progress, Counters counters, Map<NodeId, List<AttemptId>> running)
            implements JobNotice {}

    /** The job has told its submitter how it ended. */
    record JobEnded(JobId job, ClientProtocol.Wire end) implements JobNotice {}
}
