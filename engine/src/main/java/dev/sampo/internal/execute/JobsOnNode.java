package dev.sampo.internal.execute;

import dev.sampo.internal.blob.BlobStore;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.protocol.NodeProtocol.Launch;
import dev.sampo.internal.protocol.NodeProtocol.LaunchCommitAttempt;
import dev.sampo.internal.protocol.NodeProtocol.LaunchMapAttempt;
import dev.sampo.internal.protocol.NodeProtocol.LaunchReduceAttempt;
import dev.sampo.internal.protocol.NodeProtocol.LaunchSampleAttempt;
import dev.sampo.internal.protocol.TaskProtocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The jobs a node agent knows: their functions, the launches that wait for functions, and the jobs that have ended, so
 * that an order that comes late is refused. Owned by the agent.
 */
final class JobsOnNode {
    /** How many ended jobs are remembered: far more than can have orders still under way. */
    private static final int REMEMBERED = 1_000;

    private final JobClassLoaders loaders;
    private final BlobStore blobs;
    private final Set<JobId> gathering = new HashSet<>();
    private final Map<JobId, JobOnNode> defined = new HashMap<>();
    private final Map<JobId, List<Launch>> held = new HashMap<>();
    private final Map<JobId, Forgetting> forgotten = new LinkedHashMap<>();

    JobsOnNode(JobClassLoaders loaders, BlobStore blobs) {
        this.loaders = loaders;
        this.blobs = blobs;
    }

    /** A job whose functions the node has. */
    record JobOnNode(JobFunctions functions) {}

    private record Forgetting(CoordinatorEpoch epoch, List<ActorRef<TaskProtocol.Wire>> replyTo) {}

    static AttemptWork workOf(Launch launch) {
        if (launch instanceof LaunchMapAttempt map) {
            return new MapRunner(map);
        } else if (launch instanceof LaunchReduceAttempt reduce) {
            return new ReduceRunner(reduce);
        } else if (launch instanceof LaunchSampleAttempt sample) {
            return new SampleRunner(sample);
        } else if (launch instanceof LaunchCommitAttempt commit) {
            return new CommitRunner(commit);
        }
        return new PlanRunner();
    }

    @Nullable
    JobOnNode find(JobId job) {
        return defined.get(job);
    }

    JobOnNode define(JobId job, JobDefinition definition) {
        return defined.computeIfAbsent(job, id -> new JobOnNode(new JobFunctions(id, definition, loaders, blobs)));
    }

    /** Notes that the blobs of a job are being fetched. Returns whether that is news. */
    boolean gather(JobId job) {
        return !defined.containsKey(job) && held.containsKey(job) && gathering.add(job);
    }

    boolean isGathering(JobId job) {
        return gathering.contains(job);
    }

    /** Notes that the blobs of a job are here, or cannot be had. Returns whether somebody still waits for them. */
    boolean gathered(JobId job) {
        return gathering.remove(job);
    }

    /** Forgets what came from the coordinator before: who waits for launches, and which jobs are over. */
    void newReign() {
        held.clear();
        gathering.clear();
        forgotten.clear();
    }

    /** Returns the launches of a job that wait for its functions. */
    List<Launch> held(JobId job) {
        return List.copyOf(held.getOrDefault(job, List.of()));
    }

    /** Keeps a launch until the functions of its job are here. */
    void hold(Launch launch) {
        held.computeIfAbsent(launch.order().attempt().task().job(), job -> new ArrayList<>())
                .add(launch);
    }

    /** Returns the launches that waited for a job's functions. */
    List<Launch> release(JobId job) {
        List<Launch> launches = held.remove(job);
        return launches == null ? List.of() : launches;
    }

    /** Takes back a launch that waits, if it does. */
    @Nullable
    Launch drop(AttemptId attempt) {
        List<Launch> launches = held.get(attempt.task().job());
        if (launches != null) {
            for (Iterator<Launch> each = launches.iterator(); each.hasNext(); ) {
                Launch launch = each.next();
                if (launch.order().attempt().equals(attempt)) {
                    each.remove();
                    return launch;
                }
            }
        }
        return null;
    }

    boolean isWaiting(AttemptId attempt) {
        List<Launch> launches = held.get(attempt.task().job());
        return launches != null
                && launches.stream().anyMatch(launch -> launch.order().attempt().equals(attempt));
    }

    /** Returns the attempts that have been acknowledged and wait for the blobs of their jobs. */
    List<AttemptId> gatheringAttempts() {
        return gathering.stream()
                .flatMap(job -> held(job).stream())
                .map(launch -> launch.order().attempt())
                .toList();
    }

    /** Returns the slots that launches wait for. */
    Set<Long> waitingLeases() {
        return held.values().stream()
                .flatMap(List::stream)
                .map(launch -> launch.order().lease())
                .collect(Collectors.toSet());
    }

    void forget(JobId job, ActorRef<TaskProtocol.Wire> replyTo, CoordinatorEpoch epoch) {
        defined.remove(job);
        gathering.remove(job);
        held.remove(job);
        List<ActorRef<TaskProtocol.Wire>> asked = new ArrayList<>();
        Forgetting before = forgotten.remove(job);
        if (before != null) {
            asked.addAll(before.replyTo);
        }
        asked.add(replyTo);
        forgotten.put(job, new Forgetting(epoch, asked));
        if (forgotten.size() > REMEMBERED) {
            forgotten.remove(forgotten.keySet().iterator().next());
        }
    }

    boolean isForgotten(JobId job) {
        return forgotten.containsKey(job);
    }

    /** Tells those who asked that nothing of the job is left. */
    void forgotten(JobId job, NodeId node) {
        Forgetting forgetting = forgotten.get(job);
        if (forgetting != null) {
            forgetting.replyTo.forEach(asker -> asker.tell(new TaskProtocol.JobForgotten(forgetting.epoch, job, node)));
            forgetting.replyTo.clear();
        }
    }
}
