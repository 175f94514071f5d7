package dev.sampo.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.OutputPart;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.FailureKind;
import dev.sampo.internal.model.FailureReport;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.JobOutline;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.PlacedNode;
import dev.sampo.internal.model.PlacementTable;
import dev.sampo.internal.model.StageKind;
import dev.sampo.internal.plan.ExecutionPlan;
import dev.sampo.internal.plan.PlanSettings;
import dev.sampo.spi.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Schedulers, a slot allocator and modelled nodes on one queue of events in virtual time. Everything comes from the
 * seed: delays, lost and repeated messages, crashes, drains, joins, slow nodes, hanging and failing attempts.
 */
final class SimulatedCluster {
    private static final long MILLI = SimulatedTime.MILLI;
    private static final long CHAOS_END = 20_000 * MILLI;
    private static final long END = 900_000 * MILLI;
    private static final int MAX_STEPS = 400_000;

    final Random random;
    final SimulationInvariants invariants = new SimulationInvariants();
    final Map<JobId, Scheduler> jobs = new LinkedHashMap<>();
    private final Map<JobId, Long> ticks = new HashMap<>();
    private final Map<JobId, Boolean> canceled = new HashMap<>();
    private final Map<JobId, Boolean> ended = new HashMap<>();
    private final SlotAllocator allocator = new SlotAllocator(Map.of("default", 1.0, "heavy", 2.5));
    private final Map<NodeId, SimulatedNode> nodes = new LinkedHashMap<>();
    private final SimulatedTime time;
    private final boolean gentle;
    /** Whether most maps are short. */
    private final boolean quick;

    private long epoch;
    private int joined;

    SimulatedCluster(long seed, TransitionObserver observer) {
        random = new Random(seed);
        time = new SimulatedTime(random);
        gentle = seed % 3 == 0;
        quick = seed % 4 == 1;
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            JobId id = new JobId("job-" + i);
            List<Integer> partitions = new ArrayList<>();
            for (int shuffle = random.nextInt(3); shuffle >= 0; shuffle--) {
                partitions.add(1 + random.nextInt(4));
            }
            JobOutline outline = new JobOutline(
                    "simulated",
                    random.nextInt(3) == 0,
                    partitions,
                    gentle ? 1_000 : 2,
                    5_000,
                    "",
                    true,
                    JobOutline.DEFAULT_QUEUE,
                    true,
                    0);
            jobs.put(id, new Scheduler(id, outline, PlanSettings.DEFAULTS, SchedulerSettings.DEFAULTS, observer));
        }
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            join(1 + random.nextInt(3), random.nextInt(5) == 0 ? 20 : 1);
        }
        jobs.keySet()
                .forEach(job -> time.at(random.nextInt(2_000) * MILLI, () -> {
                    allocator.jobSubmitted(job, random.nextBoolean() ? "default" : "heavy", random.nextInt(2));
                    tell(job, new SchedulerEvent.JobAccepted());
                }));
        for (int i = random.nextInt(8); i > 0; i--) {
            time.at(random.nextInt(20_000) * MILLI, this::disturb);
        }
        if (random.nextInt(6) == 0) {
            JobId victim = new JobId("job-" + random.nextInt(count));
            time.at(random.nextInt(6_000) * MILLI, () -> cancel(victim));
        }
        time.at(CHAOS_END, () -> join(4, 1));
    }

    /** Runs until nothing is left to happen, and checks how it ended. */
    void run() {
        int steps = 0;
        while (time.hasNext(END) && ended.size() < jobs.size()) {
            time.step();
            assertThat(++steps).as("steps").isLessThan(MAX_STEPS);
        }
        jobs.forEach((id, scheduler) -> {
            SimulationInvariants.JobEndsWhenNodesRemain.check(scheduler, !gentle, canceled.getOrDefault(id, false));
            SimulationInvariants.SucceededJobIsWhole.check(scheduler);
        });
    }

    private void disturb() {
        List<SimulatedNode> alive =
                nodes.values().stream().filter(node -> node.alive).toList();
        SimulatedNode node = alive.isEmpty() ? null : alive.get(random.nextInt(alive.size()));
        switch (random.nextInt(4)) {
            case 0, 1 -> {
                if (node != null) {
                    crash(node);
                }
            }
            case 2 -> {
                if (node != null) {
                    drain(node);
                }
            }
            default -> join(1 + random.nextInt(3), random.nextInt(5) == 0 ? 20 : 1);
        }
    }

    private void join(int slots, int slowness) {
        SimulatedNode node = new SimulatedNode(new NodeId("n" + joined++), slots, slowness);
        nodes.put(node.id, node);
        time.later(() -> {
            allocate(allocator.nodeUp(node.id, slots));
            place();
        });
        time.at(time.now() + 2_000 * MILLI, () -> beat(node));
    }

    /** A node says what it runs, again and again. */
    private void beat(SimulatedNode node) {
        if (!node.alive) {
            return;
        }
        jobs.keySet().forEach(job -> {
            Map<AttemptId, Double> progress = new HashMap<>();
            node.running.keySet().stream()
                    .filter(attempt -> attempt.task().job().equals(job))
                    .forEach(attempt -> progress.put(attempt, random.nextInt(5) / 4.0));
            report(node, job, new SchedulerEvent.NodeHeard(node.id, progress.keySet(), progress));
        });
        time.at(time.now() + 2_000 * MILLI, () -> beat(node));
    }

    private void crash(SimulatedNode node) {
        node.alive = false;
        node.running.clear();
        node.held.clear();
        time.at(time.now() + random.nextInt(3_000) * MILLI, () -> {
            allocate(allocator.nodeDown(node.id));
            jobs.keySet().forEach(job -> {
                invariants.launches.closed(job, node.id);
                invariants.attempts.lost(job, node.id);
                tell(job, new SchedulerEvent.NodeLost(node.id));
            });
            place();
        });
    }

    private void drain(SimulatedNode node) {
        node.draining = true;
        time.later(() -> {
            allocate(allocator.nodeDraining(node.id));
            jobs.keySet().forEach(job -> {
                invariants.launches.closed(job, node.id);
                tell(job, new SchedulerEvent.NodeDraining(node.id));
            });
            place();
        });
        time.at(time.now() + 4_000 * MILLI, () -> {
            if (node.alive) {
                crash(node);
            }
        });
    }

    private void cancel(JobId job) {
        canceled.put(job, true);
        tell(job, new SchedulerEvent.CancelRequested("enough"));
    }

    private void place() {
        List<PlacedNode> placed = nodes.values().stream()
                .filter(node -> node.alive && !node.draining)
                .map(node -> new PlacedNode(node.id, node.id.value(), node.slots))
                .toList();
        PlacementTable table = new PlacementTable(++epoch, placed);
        jobs.keySet().forEach(job -> time.later(() -> tell(job, new SchedulerEvent.PlacementChanged(table))));
    }

    private void allocate(List<SlotDecision> decisions) {
        for (SlotDecision decision : decisions) {
            if (decision instanceof SlotDecision.Grant grant) {
                invariants.slots.granted(
                        grant.job(), grant.lease(), node(grant.lease().node()).slots);
                SchedulerEvent event = new SchedulerEvent.SlotGranted(grant.lease());
                time.next(() -> tell(grant.job(), event));
                if (random.nextInt(50) == 0) {
                    time.later(() -> tell(grant.job(), event));
                }
            } else if (decision instanceof SlotDecision.Cap cap) {
                time.next(() -> tell(cap.job(), new SchedulerEvent.SlotsCapped(cap.slots())));
            }
        }
    }

    private void tell(JobId job, SchedulerEvent event) {
        tell(job, List.of(event));
    }

    private void tell(JobId job, List<SchedulerEvent> events) {
        Scheduler scheduler = job(job);
        List<Decision> decisions = scheduler.on(events, time.now());
        for (SchedulerEvent event : events) {
            if (event instanceof SchedulerEvent.AttemptEvent report
                    && !(event instanceof SchedulerEvent.AttemptStarted)
                    && !(event instanceof SchedulerEvent.CommitRequested)) {
                invariants.slots.ended(report.attempt());
                invariants.attempts.ended(report.attempt());
            }
        }
        decisions.forEach(decision -> perform(job, scheduler, decision));
        OptionalLong next = scheduler.nextDeadlineNanos();
        if (next.isPresent() && ticks.getOrDefault(job, Long.MAX_VALUE) > next.getAsLong()) {
            ticks.put(job, next.getAsLong());
            time.at(Math.max(time.now(), next.getAsLong()), () -> {
                ticks.remove(job);
                tell(job, new SchedulerEvent.Tick());
            });
        }
        if (scheduler.drained() && ended.put(job, true) == null) {
            time.next(() -> {
                invariants.slots.ended(job);
                allocate(allocator.jobEnded(job));
            });
        }
    }

    private void perform(JobId job, Scheduler scheduler, Decision decision) {
        if (decision instanceof Decision.SetDemand demand) {
            time.next(() -> allocate(allocator.demandChanged(job, demand.slots())));
        } else if (decision instanceof Decision.ReleaseSlot release) {
            invariants.slots.returned(release.lease());
            time.next(() -> allocate(allocator.slotReleased(release.lease())));
        } else if (decision instanceof Decision.SetNodeAside of) {
            time.next(() -> allocate(allocator.nodeSetAside(job, of.node(), of.aside())));
        } else if (decision instanceof Decision.SlotGone gone) {
            if (gone.lease() != null) {
                invariants.slots.returned(gone.lease());
            }
            time.next(() -> allocate(allocator.slotLost(gone.node(), gone.lease())));
        } else if (decision instanceof Decision.Launch launch) {
            launched(scheduler, launch);
        } else if (decision instanceof Decision.CancelAttempt cancel) {
            invariants.attempts.ended(cancel.attempt());
            toNode(cancel.node(), node -> cancel(node, cancel.attempt()));
        } else if (decision instanceof Decision.GrantCommit grant) {
            invariants.commits.granted(grant.attempt());
            invariants.slots.ended(grant.attempt());
            invariants.attempts.ended(grant.attempt());
            invariants.lineage.committed(scheduler.plan(), grant.attempt());
            nodes.values().forEach(node -> toNode(node.id, there -> there.running.remove(grant.attempt())));
        } else if (decision instanceof Decision.DenyCommit deny) {
            nodes.values().forEach(node -> toNode(node.id, there -> cancel(there, deny.attempt())));
        } else if (decision instanceof Decision.MoveOutput move) {
            toNode(move.to(), node -> {
                SimulatedNode from = node(move.from());
                boolean moved = from.alive && from.held.contains(move.producer()) && random.nextInt(10) != 0;
                if (moved) {
                    node.held.add(move.producer());
                }
                report(
                        node,
                        job,
                        moved
                                ? new SchedulerEvent.OutputMoved(move.producer(), node.id)
                                : new SchedulerEvent.MoveFailed(move.producer(), node.id));
            });
        } else if (decision instanceof Decision.NodeEmptied emptied) {
            invariants.drains.emptied(scheduler, emptied.node());
        } else if (decision instanceof Decision.DiscardOutput discard) {
            toNode(discard.node(), node -> node.held.remove(discard.attempt()));
        }
    }

    private void launched(Scheduler scheduler, Decision.Launch launch) {
        AttemptId attempt = launch.attempt();
        invariants.numbers.launched(attempt);
        invariants.launches.launched(attempt, launch.target());
        invariants.attempts.launched(attempt, launch.target());
        invariants.slots.launched(attempt, launch.lease());
        List<HeldOutput> inputs = launch.kind() == StageKind.REDUCE
                ? scheduler.outputs(attempt.task().stage() - 1)
                : List.of();
        invariants.lineage.launched(attempt, inputs);
        boolean doomed = launch.kind() == StageKind.COMMIT && random.nextInt(12) == 0;
        if (doomed) {
            time.later(() -> cancel(attempt.task().job()));
        }
        toNode(launch.target(), node -> {
            if (node.running.containsKey(attempt) || node.finished.contains(attempt)) {
                return;
            }
            if (!node.hasRoom(launch.lease().id())) {
                report(node, new SchedulerEvent.AttemptRefused(attempt, node.id, "no room"));
                return;
            }
            SimulatedNode.Run run = new SimulatedNode.Run(attempt, launch.kind(), launch.lease(), inputs);
            run.hangs = switch (launch.kind()) {
                case PLAN -> false; // as long as it takes
                case COMMIT -> doomed && random.nextBoolean();
                case SAMPLE, MAP, REDUCE -> random.nextInt(60) == 0;
            };
            node.running.put(attempt, run);
            if (random.nextInt(20) != 0) {
                report(node, new SchedulerEvent.AttemptStarted(attempt, node.id));
            }
            begin(node, run.lease.id());
            time.at(time.now() + (50 + random.nextInt(50)) * MILLI, () -> {
                if (!run.begun && node.running.get(attempt) == run) {
                    end(node, attempt, new SchedulerEvent.AttemptHandedBack(attempt, node.id));
                }
            });
        });
    }

    /** Lets the first attempt of a slot begin, unless it has, or the slot is lost. */
    private void begin(SimulatedNode node, long lease) {
        SimulatedNode.Run run = node.first(lease);
        if (run == null || run.begun || node.lostLeases.contains(lease)) {
            return;
        }
        run.begun = true;
        boolean isShort = quick && run.attempt.task().stage() == ExecutionPlan.MAP_STAGE && random.nextInt(30) != 0;
        long nanos = (1 + random.nextInt(isShort ? 2 : 400)) * (node.slowness * MILLI);
        time.at(time.now() + nanos, () -> finish(node, run, nanos));
    }

    private void finish(SimulatedNode node, SimulatedNode.Run run, long nanos) {
        if (!node.alive || run.hangs || node.running.get(run.attempt) != run) {
            return;
        }
        AttemptId attempt = run.attempt;
        for (HeldOutput input : run.inputs) {
            SimulatedNode holder = node(input.node());
            if (random.nextInt(4) != 0 && (!holder.held.contains(input.attempt()) || random.nextInt(300) == 0)) {
                end(
                        node,
                        attempt,
                        new SchedulerEvent.AttemptFailed(attempt, SchedulerFixture.fetchFailure(input.attempt())));
                return;
            }
        }
        if (random.nextInt(15) == 0) {
            FailureKind[] kinds = {FailureKind.USER_CODE, FailureKind.MEMORY, FailureKind.NODE, FailureKind.PLAN};
            FailureReport report =
                    FailureReport.of(kinds[random.nextInt(kinds.length)], ErrorCode.USER_CODE_FAILED, "boom");
            end(node, attempt, new SchedulerEvent.AttemptFailed(attempt, report));
            return;
        }
        Scheduler scheduler = job(attempt.task().job());
        switch (run.kind) {
            case PLAN ->
                end(
                        node,
                        attempt,
                        new SchedulerEvent.PlanReady(
                                attempt,
                                SchedulerFixture.splits(
                                        new Random(attempt.task().job().value().hashCode())
                                                .nextInt(quick ? 300 : 15))));
            case SAMPLE ->
                end(node, attempt, new SchedulerEvent.SampleReady(attempt, List.of(new byte[] {
                    (byte) attempt.task().index()
                })));
            case MAP -> hold(node, attempt, nanos);
            case REDUCE -> {
                if (attempt.task().stage() == scheduler.plan().lastReduceStage()) {
                    requestCommit(node, run);
                } else {
                    hold(node, attempt, nanos);
                }
            }
            case COMMIT -> end(node, attempt, committed(attempt));
        }
    }

    private static SchedulerEvent.JobCommitted committed(AttemptId attempt) {
        return new SchedulerEvent.JobCommitted(attempt, List.of(new OutputPart("part-00000", 1, 1, "sha256:0")));
    }

    private void hold(SimulatedNode node, AttemptId attempt, long nanos) {
        node.held.add(attempt);
        end(node, attempt, new SchedulerEvent.OutputHeld(attempt, node.id, SchedulerFixture.counters(1), 1, nanos));
    }

    private void requestCommit(SimulatedNode node, SimulatedNode.Run run) {
        if (node.alive && node.running.get(run.attempt) == run) {
            int partition = run.attempt.task().index();
            report(
                    node,
                    new SchedulerEvent.CommitRequested(
                            run.attempt,
                            new PartFile(partition, run.attempt.localName(), "", 1, 1, "sha256:0"),
                            SchedulerFixture.counters(1)));
            time.at(time.now() + 200 * MILLI, () -> requestCommit(node, run));
        }
    }

    private void cancel(SimulatedNode node, AttemptId attempt) {
        SimulatedNode.Run run = node.running.get(attempt);
        boolean commits =
                attempt.task().stage() == job(attempt.task().job()).plan().commitStage();
        if (run != null && commits && random.nextInt(2) == 0) {
            end(node, attempt, committed(attempt));
        } else if (run != null && run.begun && run.hangs && random.nextInt(4) == 0 && node.mayLoseASlot()) {
            node.lostLeases.add(run.lease.id());
            end(node, attempt, new SchedulerEvent.SlotLost(attempt, node.id));
        } else {
            end(
                    node,
                    attempt,
                    new SchedulerEvent.AttemptFailed(
                            attempt, FailureReport.of(FailureKind.PLAN, ErrorCode.JOB_CANCELED, "canceled")));
        }
    }

    private void end(SimulatedNode node, AttemptId attempt, SchedulerEvent.AttemptEvent event) {
        SimulatedNode.Run run = node.running.remove(attempt);
        node.finished.add(attempt);
        report(node, event);
        if (random.nextInt(20) == 0) {
            report(node, event);
        }
        if (run != null) {
            begin(node, run.lease.id());
        }
    }

    /** Reports what nodes report in batches with what has not been reported yet, sooner or later; all else at once. */
    private void report(SimulatedNode node, SchedulerEvent.AttemptEvent event) {
        JobId job = event.attempt().task().job();
        if (event instanceof SchedulerEvent.AttemptStarted
                || event instanceof SchedulerEvent.AttemptHandedBack
                || event instanceof SchedulerEvent.OutputHeld
                || event instanceof SchedulerEvent.AttemptFailed) {
            node.unreported.computeIfAbsent(job, key -> new ArrayList<>()).add(event);
            if (random.nextInt(3) == 0) {
                reportBatch(node, job);
            } else {
                time.at(time.now() + 5 * MILLI, () -> reportBatch(node, job));
            }
        } else {
            report(node, job, event);
        }
    }

    /** A batch is lost, late or repeated as a whole. */
    private void reportBatch(SimulatedNode node, JobId job) {
        List<SchedulerEvent> batch = node.unreported.remove(job);
        if (batch != null && node.alive) {
            boolean spared = time.now() >= CHAOS_END;
            if (spared || random.nextInt(40) != 0) {
                time.later(() -> tell(job, batch));
            }
            if (!spared && random.nextInt(20) == 0) {
                time.later(() -> tell(job, batch));
            }
        }
    }

    /** Sends to a job, unless the message is lost on the way, which the last quiet part of a run spares. */
    private void report(SimulatedNode node, JobId job, SchedulerEvent event) {
        if (node.alive && (time.now() >= CHAOS_END || random.nextInt(40) != 0)) {
            time.later(() -> tell(job, event));
        }
    }

    /** Sends to a node, unless the message is lost on the way, which the last quiet part of a run spares. */
    private void toNode(NodeId id, Consumer<SimulatedNode> action) {
        SimulatedNode node = node(id);
        if (time.now() < CHAOS_END && random.nextInt(40) == 0) {
            return;
        }
        time.later(() -> {
            if (node.alive) {
                action.accept(node);
            }
        });
    }

    private Scheduler job(JobId id) {
        return Objects.requireNonNull(jobs.get(id), () -> "job " + id);
    }

    private SimulatedNode node(NodeId id) {
        return Objects.requireNonNull(nodes.get(id), () -> "node " + id);
    }
}
