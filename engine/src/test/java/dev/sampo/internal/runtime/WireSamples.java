package dev.sampo.internal.runtime;

import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobState;
import dev.sampo.api.OutputPart;
import dev.sampo.api.StageCounters;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.BlobRef;
import dev.sampo.internal.model.CoordinatorEpoch;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.EventReport;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobDefinition;
import dev.sampo.internal.model.JobDetails;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.JobSummary;
import dev.sampo.internal.model.NodeFacts;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.NodeReport;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.ShuffleInputs;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.protocol.ApiProtocol;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.internal.protocol.ClusterProtocol;
import dev.sampo.internal.protocol.MembershipProtocol;
import dev.sampo.internal.protocol.NodeProtocol;
import dev.sampo.internal.protocol.TaskProtocol;
import dev.sampo.internal.protocol.WireMessage;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** At least one message of every kind that travels, each component with a value that could get lost on the way. */
final class WireSamples {
    private static final JobId JOB = new JobId("job-1");
    private static final AttemptId ATTEMPT = new AttemptId(new TaskId(JOB, 2, 17), 3);
    private static final CoordinatorEpoch EPOCH = new CoordinatorEpoch(4_000_000_000L);
    private static final NodeId NODE = new NodeId("10.0.0.2:25521#a1b2c3d4");
    private static final NodeFacts FACTS = new NodeFacts(
            NODE, "10.0.0.2:25521", 4, 2.5, 1L << 33, Map.of("zone", "a"), new DataAddress("10.0.0.2", 40_001));
    private static final String DIGEST = "0f".repeat(32);
    private static final Split SPLIT =
            new Split("file:/data/ä.txt:1024", 33_554_432L, List.of("host-1", "zone=a"), bytes(0, 255, 128));
    private static final PartFile PART = new PartFile(5, "part-00005.2-00017-3", ".txt", 7L, 8L, "sha256:00ff");
    private static final OutputPart VISIBLE = new OutputPart("part-00005.txt", 7L, 8L, "sha256:00ff");
    private static final TaskCounters COUNTED = new TaskCounters(1, 2, 3, 4, 5, 6, 7, 8, Map.of("lines", 9L));
    private static final Counters COUNTERS = new Counters(
            List.of(new StageCounters("map", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)),
            new TreeMap<>(Map.of("a", 1L, "b", Long.MAX_VALUE)));
    private static final JobProgress PROGRESS =
            new JobProgress(JobState.RUNNING, List.of(new JobProgress.Stage("map", 10, 4, 2)));
    private static final JobOutline OUTLINE =
            new JobOutline("words", true, List.of(4, 0), 4, 60_000L, "file:/out/", false, "nightly", true, 7);
    private static final JobDefinition DEFINITION = new JobDefinition(
            List.of(bytes(1, 2), bytes()),
            List.of(bytes(3), bytes(4)),
            bytes(5),
            1L << 25,
            List.of(new BlobRef("0f".repeat(32), 9L, BlobRef.BlobKind.BROADCAST, "words")));

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123456789Z");
    private static final JobSummary SUMMARY = new JobSummary(
            JOB,
            "words",
            "nightly",
            7,
            JobState.RUNNING,
            AT,
            AT.plusSeconds(1),
            null,
            "file:/out/",
            false,
            new JobSummary.Tasks(10, 4, 2));

    private final ActorRefResolver resolver;

    WireSamples(ActorRefResolver resolver) {
        this.resolver = resolver;
    }

    List<WireMessage> all() {
        ActorRef<NodeProtocol.Wire> agent = ref("node-agent");
        ActorRef<TaskProtocol.Wire> job = ref("job-1");
        ActorRef<ClientProtocol.Wire> client = ref("client");
        NodeProtocol.Order order = new NodeProtocol.Order(EPOCH, ATTEMPT, 1L << 40, "words", "map", 20, job);
        FailureReport failure =
                new FailureReport(FailureKind.FETCH, ErrorCode.FETCH_FAILED, "what", "at x", "/data", 42L, ATTEMPT);
        return List.of(
                new ClusterProtocol.RegisterNode(FACTS, agent, EPOCH, List.of(JOB)),
                new MembershipProtocol.AmIMember("10.0.0.2", 25_521, -7L, ref("seed-watch")),
                new MembershipProtocol.MembershipKnown(true),
                new ClusterProtocol.NodeEnded("10.0.0.7:25520", "10.0.0.7:25520#1a2b3c4d", "exit code 137"),
                new ClusterProtocol.SubmitJob(JOB, OUTLINE, DEFINITION, client),
                new ClusterProtocol.BlobsOffered(JOB, FACTS.data()),
                new ClusterProtocol.FollowJob(JOB, client),
                new ClusterProtocol.CancelJob(JOB, "asked for"),
                new ClusterProtocol.StopJob(JOB, "asked for", ref("asker")),
                new ClusterProtocol.ListJobs(List.of(JobState.RUNNING, JobState.FAILED), 20, ref("asker")),
                new ClusterProtocol.DescribeJob(JOB, Duration.ofSeconds(30), ref("asker")),
                new ClusterProtocol.ListNodes(ref("asker")),
                new ClusterProtocol.ReadEvents(1L << 50, "job-1", 100, Duration.ofSeconds(10), ref("asker")),
                new ApiProtocol.JobsListed(List.of(SUMMARY)),
                new ApiProtocol.JobDescribed(JOB, null),
                new ApiProtocol.JobDescribed(
                        JOB,
                        new JobDetails(
                                SUMMARY,
                                PROGRESS.stages(),
                                COUNTERS,
                                "no worker node has joined",
                                new JobDetails.Failure(ErrorCode.INPUT_NOT_FOUND, "what", "at x"),
                                new JobDetails.Result(List.of(VISIBLE), FACTS.data(), 1_500L))),
                new ApiProtocol.NodesListed(List.of(new NodeReport(FACTS, List.of(ATTEMPT), true))),
                new ApiProtocol.EventsRead(
                        List.of(new EventReport(
                                (1L << 50) + 1,
                                AT,
                                "NodeJoined",
                                true,
                                "joined",
                                Map.of("node", "10.0.0.2:25521#a1b2c3d4"),
                                Map.of("slots", 4L),
                                Map.of("home", true))),
                        true,
                        (1L << 50) + 1,
                        true,
                        true),
                new ClusterProtocol.RenewLeases(
                        EPOCH,
                        NODE,
                        List.of(ATTEMPT),
                        List.of(new ClusterProtocol.AttemptProgress(ATTEMPT, 250)),
                        1,
                        agent),
                new ClusterProtocol.DrainStarted(NODE, agent),
                new ClusterProtocol.NodeLeaves(NODE),
                new ClusterProtocol.DrainNode("10.0.0.2:25521"),
                new NodeProtocol.LeasesRenewed(EPOCH),
                new NodeProtocol.DrainNode(EPOCH),
                new NodeProtocol.NodeDrained(EPOCH),
                new NodeProtocol.AdoptOutput(EPOCH, ATTEMPT, FACTS.holder(), 8, job),
                new TaskProtocol.OutputAdopted(EPOCH, ATTEMPT, NODE, "why not"),
                new NodeProtocol.NodeRegistered(EPOCH, new DataAddress("10.0.0.1", 25530), List.of(JOB)),
                new NodeProtocol.NodeRefused(EPOCH, "node n speaks protocol version 2"),
                new NodeProtocol.LaunchPlanAttempt(order),
                new NodeProtocol.LaunchSampleAttempt(order, 1, SPLIT),
                new NodeProtocol.LaunchMapAttempt(order, 1, SPLIT, 8, List.of(bytes(0x80), bytes())),
                new NodeProtocol.LaunchMapAttempts(
                        EPOCH,
                        JOB,
                        2,
                        1L << 40,
                        "words",
                        "map",
                        20,
                        List.of(new NodeProtocol.MapTask(17, 3, 1, SPLIT), new NodeProtocol.MapTask(18, 0, 0, SPLIT)),
                        8,
                        List.of(bytes(0x80), bytes()),
                        job),
                new NodeProtocol.LaunchReduceAttempt(
                        order,
                        1,
                        new ShuffleInputs(2, List.of(FACTS.holder()), List.of(0, 3), List.of(0, 0)),
                        6,
                        FACTS.data()),
                new NodeProtocol.LaunchCommitAttempt(order, List.of(PART), COUNTERS, "2026-01-01T00:00:00Z"),
                new NodeProtocol.ProbeOutput(EPOCH, ATTEMPT, "file:/out/", job),
                new NodeProtocol.JobDefined(EPOCH, JOB, DEFINITION),
                new NodeProtocol.BlobFrom(EPOCH, JOB, DIGEST, FACTS.data()),
                new NodeProtocol.CancelAttempt(EPOCH, ATTEMPT, "why", job),
                new NodeProtocol.CommitGranted(EPOCH, ATTEMPT),
                new NodeProtocol.CommitDenied(EPOCH, ATTEMPT, "why"),
                new NodeProtocol.DiscardOutput(EPOCH, ATTEMPT),
                new NodeProtocol.ForgetJob(EPOCH, JOB, job),
                new TaskProtocol.DefinitionWanted(EPOCH, JOB, agent),
                new TaskProtocol.BlobWanted(EPOCH, JOB, DIGEST, FACTS.data(), agent),
                new TaskProtocol.BlobHeld(EPOCH, JOB, DIGEST, FACTS.data()),
                new TaskProtocol.BlobMissed(
                        EPOCH, JOB, DIGEST, FACTS.data(), new DataAddress("10.0.0.1", 40_000), "gone"),
                new TaskProtocol.AttemptReports(
                        EPOCH,
                        JOB,
                        NODE,
                        List.of(new TaskProtocol.AttemptOfJob(2, 17, 3), new TaskProtocol.AttemptOfJob(2, 18, 0)),
                        List.of(new TaskProtocol.AttemptOfJob(2, 19, 1)),
                        List.of(new TaskProtocol.HeldReport(
                                TaskProtocol.AttemptOfJob.without(ATTEMPT), COUNTED, 123L, 1L << 33)),
                        List.of(
                                new TaskProtocol.FailedReport(new TaskProtocol.AttemptOfJob(3, 0, 2), failure),
                                new TaskProtocol.FailedReport(
                                        new TaskProtocol.AttemptOfJob(3, 1, 0),
                                        FailureReport.of(FailureKind.USER_CODE, ErrorCode.NULL_EMITTED, "null")))),
                new TaskProtocol.AttemptRefused(EPOCH, ATTEMPT, NODE, "no slot"),
                new TaskProtocol.PlanReady(EPOCH, ATTEMPT, List.of(new TaskProtocol.ListedSplit(1, SPLIT)), 2, 3),
                new TaskProtocol.SampleReady(EPOCH, ATTEMPT, List.of(bytes(1), bytes(255))),
                new TaskProtocol.CommitRequested(EPOCH, ATTEMPT, PART, COUNTED, agent),
                new TaskProtocol.JobCommitted(EPOCH, ATTEMPT, List.of(VISIBLE)),
                new TaskProtocol.SlotLost(EPOCH, ATTEMPT, NODE),
                new TaskProtocol.OutputProbed(EPOCH, JOB, NODE, "not there"),
                new TaskProtocol.JobForgotten(EPOCH, JOB, NODE),
                new ClientProtocol.JobAccepted(JOB),
                new ClientProtocol.BlobsWanted(JOB),
                new ClientProtocol.JobUnknown(JOB),
                new ClientProtocol.JobRefused(JOB, ErrorCode.JOB_UNKNOWN, "another job"),
                new ClientProtocol.JobProgressed(JOB, PROGRESS, COUNTERS),
                new ClientProtocol.JobSucceeded(JOB, List.of(VISIBLE), FACTS.data(), PROGRESS, COUNTERS, 1_500L),
                new ClientProtocol.JobFailed(JOB, ErrorCode.JOB_CANCELED, "why", "at x", PROGRESS, COUNTERS));
    }

    /** A reference to an actor of another node, which travels as the text it is made of. */
    private <T> ActorRef<T> ref(String name) {
        return resolver.resolveActorRef("pekko://sampo@10.0.0.2:25521/user/" + name + "#1234567890");
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
