package dev.sampo.internal.client;

import dev.sampo.api.JobState;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobDetails;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.JobSummary;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeReport;
import dev.sampo.internal.protocol.ApiProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.japi.function.Function;

/** Asks the cluster coordinator, wherever it is, and adds what this member knows of the membership. */
public final class CoordinatorAsks implements ClusterApi {
    /** How long a coordinator on another seed may take to get the blobs of a job. */
    private static final Duration BLOBS_LIMIT = Duration.ofSeconds(25);

    private final ActorSystem<?> system;
    private final ActorRef<ClusterProtocol.Wire> coordinator;
    private final DataAddress blobs;
    private final Duration limit;
    private final AtomicLong submissions = new AtomicLong();

    /**
     * Creates the asker of a member.
     *
     * @param system its actor system
     * @param coordinator the cluster coordinator, or a proxy of it
     * @param blobs where this member serves the blobs of the jobs it submits
     * @param limit how long an answer may take
     */
    public CoordinatorAsks(
            ActorSystem<?> system, ActorRef<ClusterProtocol.Wire> coordinator, DataAddress blobs, Duration limit) {
        this.system = system;
        this.coordinator = coordinator;
        this.blobs = blobs;
        this.limit = limit;
    }

    @Override
    public CompletionStage<Boolean> submit(JobId job, JobOutline outline, JobDefinition definition) {
        return job(job, Duration.ZERO).thenCompose(known -> {
            CompletableFuture<Boolean> taken = new CompletableFuture<>();
            system.systemActorOf(
                    JobSubmission.create(
                            coordinator,
                            new JobSubmission.Offer(job, outline, definition, blobs),
                            limit.plus(BLOBS_LIMIT),
                            failure -> {
                                if (failure == null) {
                                    taken.complete(known.isEmpty());
                                } else {
                                    taken.completeExceptionally(failure);
                                }
                            }),
                    "submission-" + submissions.incrementAndGet(),
                    Props.empty());
            return taken;
        });
    }

    @Override
    public CompletionStage<List<JobSummary>> jobs(Set<JobState> states, int limit) {
        return this.<ApiProtocol.JobsListed>ask(
                        this.limit, replyTo -> new ClusterProtocol.ListJobs(List.copyOf(states), limit, replyTo))
                .thenApply(ApiProtocol.JobsListed::jobs);
    }

    @Override
    public CompletionStage<Optional<JobDetails>> job(JobId job, Duration patience) {
        return this.<ApiProtocol.JobDescribed>ask(
                        limit.plus(patience), replyTo -> new ClusterProtocol.DescribeJob(job, patience, replyTo))
                .thenApply(described -> Optional.ofNullable(described.details()));
    }

    @Override
    public CompletionStage<Optional<JobDetails>> cancel(JobId job, String reason) {
        return this.<ApiProtocol.JobDescribed>ask(limit, replyTo -> new ClusterProtocol.StopJob(job, reason, replyTo))
                .thenApply(described -> Optional.ofNullable(described.details()));
    }

    @Override
    public CompletionStage<List<ClusterNode>> nodes() {
        return this.<ApiProtocol.NodesListed>ask(limit, ClusterProtocol.ListNodes::new)
                .thenApply(listed -> members(listed.nodes()));
    }

    @Override
    public CompletionStage<Boolean> drain(String address) {
        return nodes().thenApply(nodes -> {
            Optional<NodeFacts> worker = nodes.stream()
                    .filter(node -> node.address().equals(address))
                    .flatMap(node -> Optional.ofNullable(node.facts()).stream())
                    .findFirst();
            worker.ifPresent(facts -> coordinator.tell(new ClusterProtocol.DrainNode(facts.address())));
            return worker.isPresent();
        });
    }

    @Override
    public CompletionStage<ApiProtocol.EventsRead> events(
            Optional<JobId> job, long after, int limit, Duration patience) {
        String whose = job.map(JobId::value).orElse("");
        return ask(
                this.limit.plus(patience),
                replyTo -> new ClusterProtocol.ReadEvents(after, whose, limit, patience, replyTo));
    }

    @Override
    public boolean isUp() {
        return Cluster.get(system).selfMember().status().equals(MemberStatus.up());
    }

    private <T> CompletionStage<T> ask(Duration time, Function<ActorRef<T>, ClusterProtocol.Wire> question) {
        return AskPattern.ask(coordinator, question, time, system.scheduler()).exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : failure;
            return CompletableFuture.failedFuture(
                    cause instanceof TimeoutException
                            ? new SampoException(
                                    ErrorCode.NO_ANSWER,
                                    "the coordinator of the cluster did not answer within " + time.toSeconds()
                                            + " s; expected it on one of the seeds",
                                    cause)
                            : cause);
        });
    }

    /** Joins what the coordinator and the membership say; a worker that is no member any more is not listed. */
    private List<ClusterNode> members(List<NodeReport> reports) {
        Map<String, NodeReport> byAddress = new HashMap<>();
        reports.forEach(report -> byAddress.put(report.facts().address(), report));
        ClusterEvent.CurrentClusterState state = Cluster.get(system).state();
        List<ClusterNode> nodes = new ArrayList<>();
        for (Member member : state.getMembers()) {
            NodeReport report = byAddress.get(member.address().hostPort());
            String address = member.address().getHost().orElse("") + ":"
                    + member.address().getPort().orElse(0);
            nodes.add(new ClusterNode(
                    report != null
                            ? report.facts().id().value()
                            : address + "#" + member.uniqueAddress().longUid(),
                    address,
                    member.getRoles().stream()
                            .filter(role -> !role.startsWith("dc-"))
                            .sorted()
                            .toList(),
                    stateOf(member, state.getUnreachable().contains(member), report != null && report.draining()),
                    report == null ? null : report.facts(),
                    report == null ? List.of() : report.running()));
        }
        nodes.sort(Comparator.comparing(ClusterNode::address));
        return nodes;
    }

    private static ClusterNode.State stateOf(Member member, boolean unreachable, boolean draining) {
        MemberStatus status = member.status();
        if (status.equals(MemberStatus.down())) {
            return ClusterNode.State.DOWN;
        } else if (unreachable) {
            return ClusterNode.State.UNREACHABLE;
        } else if (status.equals(MemberStatus.joining())) {
            return ClusterNode.State.JOINING;
        } else if (status.equals(MemberStatus.weaklyUp())) {
            return draining ? ClusterNode.State.DRAINING : ClusterNode.State.WEAKLY_UP;
        } else if (status.equals(MemberStatus.up())) {
            return draining ? ClusterNode.State.DRAINING : ClusterNode.State.UP;
        }
        return ClusterNode.State.LEAVING;
    }
}
