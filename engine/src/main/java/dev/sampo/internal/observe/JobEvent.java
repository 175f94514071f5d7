package dev.sampo.internal.observe;

import dev.sampo.api.JobState;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.spi.ErrorCode;

/** Something that happened to a job or to a node. */
public sealed interface JobEvent {
    /** Something that happened to one job. */
    sealed interface OfJob extends JobEvent {
        /** Returns the job. */
        JobId job();
    }

    /** Something that happened to one attempt. */
    sealed interface OfAttempt extends OfJob {
        /** Returns the attempt. */
        AttemptId attempt();

        @Override
        default JobId job() {
            return attempt().task().job();
        }
    }

    /** Something that happened to a node, whatever ran there. */
    sealed interface OfNode extends JobEvent {
        /** Returns the node. */
        NodeId node();
    }

    /** Returns whether people should look at it. */
    default boolean isWarning() {
        return false;
    }

    /** Returns what happened in one line, the ids first. */
    String describe();

    /**
     * A job was accepted.
     *
     * @param job the job
     * @param name what people call it
     */
    record JobSubmitted(JobId job, String name) implements OfJob {
        @Override
        public String describe() {
            return job + " submitted: " + name;
        }
    }

    /**
     * A job went on to another state.
     *
     * @param job the job
     * @param from the state it was in
     * @param to the state it is in
     */
    record JobStateChanged(JobId job, JobState from, JobState to) implements OfJob {
        @Override
        public String describe() {
            return job + " " + from + " -> " + to;
        }
    }

    /**
     * An attempt was sent to a node.
     *
     * @param attempt the attempt
     * @param node the node
     * @param home whether its routing key prefers that node
     */
    record AttemptLaunched(AttemptId attempt, NodeId node, boolean home) implements OfAttempt {
        @Override
        public String describe() {
            return attempt + " launched on " + node + (home ? ", its home" : ", away from home");
        }
    }

    /**
     * A node took an attempt up.
     *
     * @param attempt the attempt
     * @param node the node
     */
    record AttemptStarted(AttemptId attempt, NodeId node) implements OfAttempt {
        @Override
        public String describe() {
            return attempt + " started on " + node;
        }
    }

    /**
     * An attempt came to its end.
     *
     * @param attempt the attempt
     * @param node the node
     * @param recordsOut records it handed on
     * @param bytesOut bytes of those
     */
    record AttemptSucceeded(AttemptId attempt, NodeId node, long recordsOut, long bytesOut) implements OfAttempt {
        @Override
        public String describe() {
            return attempt + " succeeded on " + node + ": " + recordsOut + " records, " + bytesOut + " bytes";
        }
    }

    /**
     * An attempt failed.
     *
     * @param attempt the attempt
     * @param node the node
     * @param kind who is to blame
     * @param code which error it is
     * @param message what, the offending value, what was expected
     */
    record AttemptFailed(AttemptId attempt, NodeId node, FailureKind kind, ErrorCode code, String message)
            implements OfAttempt {
        @Override
        public boolean isWarning() {
            return kind != FailureKind.PLAN;
        }

        @Override
        public String describe() {
            return attempt + " failed on " + node + ": " + kind + ", " + code + ": " + message;
        }
    }

    /**
     * A node joined.
     *
     * @param node the node
     * @param slots the attempts it runs at once
     */
    record NodeJoined(NodeId node, int slots) implements OfNode {
        @Override
        public String describe() {
            return node + " joined with " + slots + " slots";
        }
    }

    /**
     * A node is about to leave: it gets no attempts any more.
     *
     * @param node the node
     */
    record NodeDraining(NodeId node) implements OfNode {
        @Override
        public String describe() {
            return node + " drains";
        }
    }

    /**
     * A node has left in order.
     *
     * @param node the node
     */
    record NodeLeft(NodeId node) implements OfNode {
        @Override
        public String describe() {
            return node + " left";
        }
    }

    /**
     * A node is gone.
     *
     * @param node the node
     * @param reason why it counts as gone
     */
    record NodeLost(NodeId node, String reason) implements OfNode {
        @Override
        public boolean isWarning() {
            return true;
        }

        @Override
        public String describe() {
            return node + " lost: " + reason;
        }
    }

    /**
     * A job keeps away from a node for a while: its disk is full, or attempts fail there that succeed elsewhere.
     *
     * @param job the job
     * @param node the node
     */
    record NodeSetAside(JobId job, NodeId node) implements OfJob {
        @Override
        public boolean isWarning() {
            return true;
        }

        @Override
        public String describe() {
            return job + " keeps away from " + node + " for a while";
        }
    }

    /**
     * A slot is lost to an attempt that does not end.
     *
     * @param attempt the attempt that holds it
     * @param node the node that has it
     */
    record SlotLost(AttemptId attempt, NodeId node) implements OfAttempt {
        @Override
        public boolean isWarning() {
            return true;
        }

        @Override
        public String describe() {
            return attempt + " holds a slot of " + node + " and does not end; the slot is lost until the node restarts";
        }
    }
}
