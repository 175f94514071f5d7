package dev.sampo.internal.protocol;

import dev.sampo.api.Counters;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.SegmentHolder;
import dev.sampo.internal.model.ShuffleInputs;
import dev.sampo.internal.model.TaskId;
import dev.sampo.spi.Split;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the agent of a worker node accepts. */
public interface NodeProtocol {
    /** Everything a node agent accepts. */
    interface Command {}

    /** What may cross the network. */
    sealed interface Wire extends Command, WireMessage {}

    /**
     * The coordinator knows the node; attempts may come.
     *
     * @param data the data port of the coordinator's node
     * @param forget the jobs whose outputs nobody will ask for: the coordinator does not know them, and has not for long
     */
    record NodeRegistered(CoordinatorEpoch epoch, DataAddress data, List<JobId> forget) implements Wire {}

    /** The coordinator knows what the node runs. */
    record LeasesRenewed(CoordinatorEpoch epoch) implements Wire {}

    /** The node is to leave the cluster in order. */
    record DrainNode(CoordinatorEpoch epoch) implements Wire {}

    /** Nobody needs the node any more: it may go. */
    record NodeDrained(CoordinatorEpoch epoch) implements Wire {}

    /**
     * Takes over the output of an attempt from another node. Answered by {@link TaskProtocol.OutputAdopted}.
     *
     * @param partitions how many partitions it has
     */
    record AdoptOutput(
            CoordinatorEpoch epoch,
            AttemptId producer,
            SegmentHolder from,
            int partitions,
            ActorRef<TaskProtocol.Wire> replyTo)
            implements Wire {}

    /** The coordinator does not take the node, now or later; the node ends. */
    record NodeRefused(CoordinatorEpoch epoch, String reason) implements Wire {}

    /** An order to run an attempt. Answered by {@link TaskProtocol.AttemptReports} or {@link TaskProtocol.AttemptRefused}. */
    sealed interface Launch extends Wire {
        /** Returns the attempt with all that attempts of every kind share. */
        Order order();
    }

    /**
     * What attempts of every kind share.
     *
     * @param epoch the epoch of the coordinator that ordered it
     * @param attempt the attempt
     * @param lease the slot it runs in: attempts of one slot run one after the other
     * @param jobName the name of the job
     * @param stageName the name of the stage
     * @param taskCount how many tasks the stage has
     * @param replyTo the coordinator of the job
     */
    record Order(
            CoordinatorEpoch epoch,
            AttemptId attempt,
            long lease,
            String jobName,
            String stageName,
            int taskCount,
            ActorRef<TaskProtocol.Wire> replyTo) {}

    /** Checks and claims the output, and lists the splits of all inputs. */
    record LaunchPlanAttempt(Order order) implements Launch {}

    /** Maps a part of a split and returns keys of it. */
    record LaunchSampleAttempt(Order order, int input, Split split) implements Launch {}

    /**
     * Maps a split.
     *
     * @param partitions the number of partitions of the first shuffle
     * @param boundaries the range boundaries of the first shuffle; empty unless it partitions by range
     */
    record LaunchMapAttempt(Order order, int input, Split split, int partitions, List<byte[]> boundaries)
            implements Launch {}

    /**
     * Maps several splits one after the other, in one slot: so short tasks do not wait for the coordinator in between.
     *
     * @param epoch the epoch of the coordinator that ordered it
     * @param job the job
     * @param stage the stage
     * @param lease the slot
     * @param jobName the name of the job
     * @param stageName the name of the stage
     * @param taskCount how many tasks the stage has
     * @param tasks what to map, in this order
     * @param partitions the number of partitions of the first shuffle
     * @param boundaries the range boundaries of the first shuffle; empty unless it partitions by range
     * @param replyTo the coordinator of the job
     */
    record LaunchMapAttempts(
            CoordinatorEpoch epoch,
            JobId job,
            int stage,
            long lease,
            String jobName,
            String stageName,
            int taskCount,
            List<MapTask> tasks,
            int partitions,
            List<byte[]> boundaries,
            ActorRef<TaskProtocol.Wire> replyTo)
            implements Wire {
        /** Puts launches together that differ in their tasks and attempts only. There is at least one. */
        public static LaunchMapAttempts of(List<LaunchMapAttempt> launches) {
            LaunchMapAttempt first = launches.get(0);
            Order order = first.order();
            return new LaunchMapAttempts(
                    order.epoch(),
                    order.attempt().task().job(),
                    order.attempt().task().stage(),
                    order.lease(),
                    order.jobName(),
                    order.stageName(),
                    order.taskCount(),
                    launches.stream()
                            .map(launch -> new MapTask(
                                    launch.order().attempt().task().index(),
                                    launch.order().attempt().number(),
                                    launch.input(),
                                    launch.split()))
                            .toList(),
                    first.partitions(),
                    first.boundaries(),
                    order.replyTo());
        }

        /** Returns the launches one by one. */
        public List<LaunchMapAttempt> each() {
            return tasks.stream()
                    .map(task -> new LaunchMapAttempt(
                            new Order(
                                    epoch,
                                    new AttemptId(new TaskId(job, stage, task.index), task.number),
                                    lease,
                                    jobName,
                                    stageName,
                                    taskCount,
                                    replyTo),
                            task.input,
                            task.split,
                            partitions,
                            boundaries))
                    .toList();
        }
    }

    /**
     * One of several splits to map.
     *
     * @param index the index of the task
     * @param number the number of the attempt
     * @param input the number of the input
     */
    record MapTask(int index, int number, int input, Split split) {}

    /**
     * Reduces a partition.
     *
     * @param shuffle the number of the shuffle, from 0
     * @param inputs where the outputs of the stage before are
     * @param nextPartitions the partitions of the next shuffle, or 0 when the results go to the output
     * @param results where the seed holds the parts of a job whose results go to no directory
     */
    record LaunchReduceAttempt(Order order, int shuffle, ShuffleInputs inputs, int nextPartitions, DataAddress results)
            implements Launch {}

    /**
     * Makes the granted parts visible.
     *
     * @param parts the granted parts in the order of their partitions
     * @param counters the counters for the manifest
     * @param started when the job was accepted, as ISO-8601, for the manifest
     */
    record LaunchCommitAttempt(Order order, List<PartFile> parts, Counters counters, String started)
            implements Launch {}

    /**
     * Asks whether the node sees an output directory, and can write there. Answered by {@link TaskProtocol.OutputProbed}.
     *
     * @param planner the plan attempt that claimed it and left a probe file
     * @param directory its URI
     */
    record ProbeOutput(CoordinatorEpoch epoch, AttemptId planner, String directory, ActorRef<TaskProtocol.Wire> replyTo)
            implements Wire {}

    /** The functions of a job, as asked for by {@link TaskProtocol.DefinitionWanted}. */
    record JobDefined(CoordinatorEpoch epoch, JobId job, JobDefinition definition) implements Wire {}

    /** It is the node's turn to get a blob it asked for by {@link TaskProtocol.BlobWanted}. */
    record BlobFrom(CoordinatorEpoch epoch, JobId job, String digest, DataAddress holder) implements Wire {}

    /**
     * Stops an attempt. Answered by {@link TaskProtocol.AttemptReports} when it has ended, also when the node does not know
     * it.
     */
    record CancelAttempt(CoordinatorEpoch epoch, AttemptId attempt, String reason, ActorRef<TaskProtocol.Wire> replyTo)
            implements Wire {}

    /** The attempt's output is the one that counts for its task. */
    record CommitGranted(CoordinatorEpoch epoch, AttemptId attempt) implements Wire {}

    /** Another attempt's output counts; this one's is deleted. */
    record CommitDenied(CoordinatorEpoch epoch, AttemptId attempt, String reason) implements Wire {}

    /** Nobody needs the output of this attempt any more. */
    record DiscardOutput(CoordinatorEpoch epoch, AttemptId attempt) implements Wire {}

    /** The job has ended: everything of it is stopped and deleted. Answered by {@link TaskProtocol.JobForgotten}. */
    record ForgetJob(CoordinatorEpoch epoch, JobId job, ActorRef<TaskProtocol.Wire> replyTo) implements Wire {}
}
