package dev.sampo.internal.coordinate;

import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol.SubmitJob;
import dev.sampo.internal.protocol.TaskProtocol;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** The jobs that run, with the coordinators they have. Owned by the cluster coordinator. */
final class RunningJobs {
    private final Map<JobId, Job> jobs = new HashMap<>();

    /**
     * A job that runs.
     *
     * @param coordinator its coordinator
     * @param client who submitted it first
     * @param fingerprint what it is, so that another job under the same id shows
     */
    record Job(ActorRef<TaskProtocol.Command> coordinator, ActorRef<ClientProtocol.Wire> client, String fingerprint) {}

    Set<JobId> ids() {
        return jobs.keySet();
    }

    int size() {
        return jobs.size();
    }

    boolean contains(JobId id) {
        return jobs.containsKey(id);
    }

    Optional<Job> find(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** Returns the job whose coordinator this is. */
    Optional<JobId> ofCoordinator(ActorRef<?> coordinator) {
        return jobs.entrySet().stream()
                .filter(entry -> entry.getValue().coordinator.path().equals(coordinator.path()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    void add(SubmitJob submit, String fingerprint, ActorRef<TaskProtocol.Command> coordinator) {
        jobs.put(submit.job(), new Job(coordinator, submit.client(), fingerprint));
    }

    Optional<Job> remove(JobId id) {
        return Optional.ofNullable(jobs.remove(id));
    }

    /** Tells a job something, if it runs. */
    void tell(JobId id, TaskProtocol.Command message) {
        find(id).ifPresent(job -> job.coordinator.tell(message));
    }

    void tellAll(TaskProtocol.Command message) {
        jobs.values().forEach(job -> job.coordinator.tell(message));
    }
}
