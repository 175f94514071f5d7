package dev.sampo.internal.schedule;

import dev.sampo.api.JobState;
import dev.sampo.api.OutputPart;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.PlacedNode;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.model.StageKind;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.plan.PlanSettings;
import dev.sampo.internal.plan.PlannedSplit;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A scheduler, a clock, and verbs for what the cluster tells it. */
final class SchedulerFixture {
    static final JobId JOB = new JobId("job");
    static final long SECOND = 1_000_000_000L;
    static final NodeId N1 = new NodeId("n1");
    static final NodeId N2 = new NodeId("n2");
    static final NodeId N3 = new NodeId("n3");

    final Scheduler scheduler;
    private final Map<AttemptId, Decision.Launch> launches = new HashMap<>();
    private final List<Decision> all = new ArrayList<>();
    /** The time. */
    long now = Long.MAX_VALUE - 5 * SECOND; // wraps around on its way

    private long lastLease;
    private long epoch;

    /** What the last event led to. */
    List<Decision> decisions = List.of();

    SchedulerFixture(JobOutline outline) {
        this(outline, TransitionObserver.NONE);
    }

    SchedulerFixture(JobOutline outline, TransitionObserver observer) {
        this(outline, observer, 3_600 * SECOND);
    }

    SchedulerFixture(JobOutline outline, TransitionObserver observer, long leaseNanos) {
        SchedulerSettings settings =
                new SchedulerSettings(10 * SECOND, SECOND, 2 * SECOND, 30 * SECOND, leaseNanos, 3 * SECOND, 3, true);
        scheduler = new Scheduler(JOB, outline, PlanSettings.DEFAULTS, settings, observer);
    }

    static JobOutline outline(Integer... partitions) {
        return new JobOutline(
                "word-count", false, List.of(partitions), 3, 60_000, "", true, JobOutline.DEFAULT_QUEUE, false, 0);
    }

    static JobOutline speculativeOutline(Integer... partitions) {
        return new JobOutline(
                "word-count", false, List.of(partitions), 3, 0, "", true, JobOutline.DEFAULT_QUEUE, true, 0);
    }

    static JobOutline sampledOutline(Integer... partitions) {
        return new JobOutline(
                "sort", true, List.of(partitions), 3, 60_000, "", true, JobOutline.DEFAULT_QUEUE, false, 0);
    }

    static List<PlannedSplit> splits(int count) {
        List<PlannedSplit> splits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            splits.add(new PlannedSplit(0, new Split("data@" + i, 1, List.of(), new byte[0])));
        }
        return splits;
    }

    static AttemptId attempt(int stage, int index, int number) {
        return new AttemptId(new TaskId(JOB, stage, index), number);
    }

    static FailureReport report(FailureKind kind, ErrorCode code) {
        return new FailureReport(kind, code, "boom", "at X", "in.txt", 42, null);
    }

    static FailureReport fetchFailure(AttemptId producer) {
        return new FailureReport(FailureKind.FETCH, ErrorCode.FETCH_FAILED, "no answer", "", "", -1, producer);
    }

    SchedulerFixture on(SchedulerEvent event) {
        decisions = scheduler.on(event, now);
        all.addAll(decisions);
        decided(Decision.Launch.class).forEach(launch -> launches.put(launch.attempt(), launch));
        return this;
    }

    /** Accepts the job in a cluster of these nodes. */
    SchedulerFixture accept(NodeId... nodes) {
        return place(nodes).on(new SchedulerEvent.JobAccepted());
    }

    SchedulerFixture place(NodeId... nodes) {
        List<PlacedNode> placed = Stream.of(nodes)
                .map(node -> new PlacedNode(node, node.value(), 1))
                .toList();
        return place(placed);
    }

    SchedulerFixture place(List<PlacedNode> placed) {
        return on(new SchedulerEvent.PlacementChanged(new PlacementTable(++epoch, placed)));
    }

    /** Grants a slot on each of these nodes. */
    SchedulerFixture grant(NodeId... nodes) {
        for (NodeId node : nodes) {
            on(new SchedulerEvent.SlotGranted(new SlotLease(++lastLease, node)));
        }
        return this;
    }

    /** Moves the clock and ticks. */
    SchedulerFixture pass(long nanos) {
        now += nanos;
        return on(new SchedulerEvent.Tick());
    }

    SchedulerFixture started(AttemptId attempt) {
        return on(new SchedulerEvent.AttemptStarted(attempt, nodeOf(attempt)));
    }

    SchedulerFixture planned(int splits) {
        return on(new SchedulerEvent.PlanReady(attempt(0, 0, 0), splits(splits)));
    }

    SchedulerFixture held(AttemptId attempt) {
        return on(new SchedulerEvent.OutputHeld(attempt, nodeOf(attempt), counters(1), 10, 60 * SECOND));
    }

    SchedulerFixture commitRequested(AttemptId attempt) {
        PartFile part = new PartFile(attempt.task().index(), attempt.localName(), "", 1, 1, "sha256:0");
        return on(new SchedulerEvent.CommitRequested(attempt, part, counters(1)));
    }

    SchedulerFixture committed(AttemptId attempt) {
        return on(new SchedulerEvent.JobCommitted(attempt, List.of(new OutputPart("part-00000", 1, 1, "sha256:0"))));
    }

    SchedulerFixture failed(AttemptId attempt, FailureReport report) {
        return on(new SchedulerEvent.AttemptFailed(attempt, report));
    }

    SchedulerFixture failed(AttemptId attempt) {
        return failed(attempt, report(FailureKind.USER_CODE, ErrorCode.USER_CODE_FAILED));
    }

    SchedulerFixture stopped(AttemptId attempt) {
        return failed(attempt, report(FailureKind.PLAN, ErrorCode.JOB_CANCELED));
    }

    /** Plans the job and holds the outputs of all maps, which run on the nodes that slots are granted on, in order. */
    SchedulerFixture mapped(int splits, NodeId... nodes) {
        accept(N1, N2, N3).grant(nodes).planned(splits);
        grant(nodes);
        for (int split = 0; split < splits; split++) {
            held(attempt(2, split, 0));
        }
        return this;
    }

    NodeId nodeOf(AttemptId attempt) {
        Decision.Launch launch = launches.get(attempt);
        if (launch == null) {
            throw new AssertionError("attempt " + attempt + " was not launched; launched: " + launches.keySet());
        }
        return launch.target();
    }

    boolean wasLaunched(AttemptId attempt) {
        return launches.containsKey(attempt);
    }

    /** Returns the decisions of a kind that the last event led to. */
    <T extends Decision> List<T> decided(Class<T> type) {
        return decisions.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Returns the decisions of a kind of all events so far. */
    <T extends Decision> List<T> everDecided(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<AttemptId> launched() {
        return decided(Decision.Launch.class).stream()
                .map(Decision.Launch::attempt)
                .toList();
    }

    List<StageKind> launchedKinds() {
        return decided(Decision.Launch.class).stream()
                .map(Decision.Launch::kind)
                .toList();
    }

    List<JobState> states() {
        return everDecided(Decision.JobStateChanged.class).stream()
                .map(Decision.JobStateChanged::state)
                .toList();
    }

    static TaskCounters counters(long records) {
        return new TaskCounters(records, records, records, records, 0, 0, 0, 0, Map.of("seen", records));
    }
}
