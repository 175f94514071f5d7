package dev.sampo.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sampo.api.JobState;
import dev.sampo.api.StageCounters;
import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.PartFile;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.plan.ExecutionPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** What must hold whatever happens; each rule is a class that is told of every decision it is about. */
final class SimulationInvariants {
    final AtMostOneCommittedAttemptPerTask commits = new AtMostOneCommittedAttemptPerTask();
    final EmptiedNodeRunsNothing drains = new EmptiedNodeRunsNothing();
    final AttemptNumbersIncrease numbers = new AttemptNumbersIncrease();
    final NoLaunchOnLostNode launches = new NoLaunchOnLostNode();
    final AtMostTwoAttemptsOfATask attempts = new AtMostTwoAttemptsOfATask();
    final SlotsNeverOversubscribed slots = new SlotsNeverOversubscribed();
    final EverySplitInTheCommittedLineage lineage = new EverySplitInTheCommittedLineage();

    /** A node of which a job says that it has emptied it gets no attempt of that job any more. */
    static final class EmptiedNodeRunsNothing {
        void emptied(Scheduler scheduler, NodeId node) {
            assertThat(scheduler.runningOn(node))
                    .as(
                            "EmptiedNodeRunsNothing: %s of %s",
                            node, scheduler.plan().job())
                    .isZero();
        }
    }

    /** Every grant of a task's commit goes to the same attempt. */
    static final class AtMostOneCommittedAttemptPerTask {
        private final Map<TaskId, AttemptId> committed = new HashMap<>();

        void granted(AttemptId attempt) {
            assertThat(committed.merge(attempt.task(), attempt, (first, next) -> first))
                    .as("AtMostOneCommittedAttemptPerTask")
                    .isEqualTo(attempt);
        }

        Set<TaskId> tasks() {
            return committed.keySet();
        }
    }

    /** The attempts of a task are numbered 0, 1, 2 and so on. */
    static final class AttemptNumbersIncrease {
        private final Map<TaskId, Integer> last = new HashMap<>();

        void launched(AttemptId attempt) {
            Integer before = last.put(attempt.task(), attempt.number());
            assertThat(attempt.number())
                    .as("AttemptNumbersIncrease: %s", attempt)
                    .isEqualTo(before == null ? 0 : before + 1);
        }
    }

    /** Nothing is launched on a node of whose loss or leave the job was told. */
    static final class NoLaunchOnLostNode {
        private final Map<JobId, Set<NodeId>> closed = new HashMap<>();

        void closed(JobId job, NodeId node) {
            closed.computeIfAbsent(job, key -> new HashSet<>()).add(node);
        }

        void launched(AttemptId attempt, NodeId node) {
            assertThat(closed.getOrDefault(attempt.task().job(), Set.of()))
                    .as("NoLaunchOnLostNode: %s", attempt)
                    .doesNotContain(node);
        }
    }

    /** Of a task there are at most two attempts that were not told to stop, and these on different nodes. */
    static final class AtMostTwoAttemptsOfATask {
        private final Map<TaskId, Map<AttemptId, NodeId>> live = new HashMap<>();

        /** How often a task had two. */
        int pairs;

        void launched(AttemptId attempt, NodeId node) {
            Map<AttemptId, NodeId> there = live.computeIfAbsent(attempt.task(), key -> new HashMap<>());
            assertThat(there)
                    .as("AtMostTwoAttemptsOfATask: %s on %s", attempt, node)
                    .hasSizeLessThan(2)
                    .doesNotContainValue(node);
            pairs += there.size();
            there.put(attempt, node);
        }

        /** The attempt has ended, or was told to. */
        void ended(AttemptId attempt) {
            live.getOrDefault(attempt.task(), new HashMap<>()).remove(attempt);
        }

        void lost(JobId job, NodeId node) {
            live.forEach((task, there) -> {
                if (task.job().equals(job)) {
                    there.values().removeIf(node::equals);
                }
            });
        }
    }

    /** A slot is leased to one job at a time, which runs one attempt in it at a time, or gives it a few short maps. */
    static final class SlotsNeverOversubscribed {
        private final Map<Long, JobId> leased = new HashMap<>();
        private final Map<NodeId, Set<Long>> byNode = new HashMap<>();

        /** The most attempts that one slot had at once. */
        int most;

        private static final int MOST_MAPS = 32;

        private final Map<Long, Set<AttemptId>> busy = new HashMap<>();

        void granted(JobId job, SlotLease lease, int slotsOfNode) {
            assertThat(leased.put(lease.id(), job))
                    .as("SlotsNeverOversubscribed: %s", lease)
                    .isNull();
            Set<Long> there = byNode.computeIfAbsent(lease.node(), key -> new HashSet<>());
            there.add(lease.id());
            assertThat(there).as("SlotsNeverOversubscribed: %s", lease.node()).hasSizeLessThanOrEqualTo(slotsOfNode);
        }

        void launched(AttemptId attempt, SlotLease lease) {
            assertThat(leased)
                    .as("SlotsNeverOversubscribed: %s", lease)
                    .containsEntry(lease.id(), attempt.task().job());
            Set<AttemptId> there = busy.computeIfAbsent(lease.id(), key -> new HashSet<>());
            there.add(attempt);
            if (there.size() > 1) {
                most = Math.max(most, there.size());
                assertThat(there)
                        .as("SlotsNeverOversubscribed: %s", lease)
                        .hasSizeLessThanOrEqualTo(MOST_MAPS)
                        .allMatch(each -> each.task().stage() == ExecutionPlan.MAP_STAGE);
            }
        }

        /** The job has been told that the attempt ended. */
        void ended(AttemptId attempt) {
            busy.values().forEach(there -> there.remove(attempt));
        }

        /** The job has ended, and with it all its leases. */
        void ended(JobId job) {
            leased.forEach((lease, holder) -> {
                if (holder.equals(job)) {
                    byNode.values().forEach(there -> there.remove(lease));
                }
            });
            leased.values().removeIf(job::equals);
        }

        void returned(SlotLease lease) {
            leased.remove(lease.id());
            busy.remove(lease.id());
            byNode.getOrDefault(lease.node(), new HashSet<>()).remove(lease.id());
        }
    }

    /** Whoever reads a shuffle reads exactly one output of every task of the stage before, in order. */
    static final class EverySplitInTheCommittedLineage {
        private final Map<AttemptId, List<HeldOutput>> inputs = new HashMap<>();

        void launched(AttemptId attempt, List<HeldOutput> outputs) {
            inputs.put(attempt, outputs);
        }

        void committed(ExecutionPlan plan, AttemptId attempt) {
            check(plan, attempt, new HashSet<>());
        }

        private void check(ExecutionPlan plan, AttemptId attempt, Set<AttemptId> seen) {
            if (attempt.task().stage() == ExecutionPlan.MAP_STAGE || !seen.add(attempt)) {
                return;
            }
            List<HeldOutput> read = inputs.get(attempt);
            assertThat(read)
                    .as("EverySplitInTheCommittedLineage: inputs of %s", attempt)
                    .isNotNull();
            int before = attempt.task().stage() - 1;
            assertThat(read)
                    .as("EverySplitInTheCommittedLineage: inputs of %s", attempt)
                    .hasSize(plan.stage(before).tasks());
            for (int index = 0; index < read.size(); index++) {
                AttemptId producer = read.get(index).attempt();
                assertThat(producer.task())
                        .as("EverySplitInTheCommittedLineage: input %s of %s", index, attempt)
                        .isEqualTo(new TaskId(plan.job(), before, index));
                check(plan, producer, seen);
            }
        }
    }

    /** A job comes to its end as long as nodes remain: well, unless it was canceled or a task failed too often. */
    static final class JobEndsWhenNodesRemain {
        private JobEndsWhenNodesRemain() {}

        static void check(Scheduler scheduler, boolean mayFail, boolean wasCanceled) {
            assertThat(scheduler.state().isTerminal())
                    .as("JobEndsWhenNodesRemain: %s, %s", scheduler.plan().job(), scheduler.progress())
                    .isTrue();
            assertThat(scheduler.drained())
                    .as("JobEndsWhenNodesRemain: slots of %s", scheduler.plan().job())
                    .isTrue();
            if (!mayFail) {
                assertThat(scheduler.state())
                        .as("JobEndsWhenNodesRemain: %s", scheduler.plan().job())
                        .isNotEqualTo(JobState.FAILED);
            }
            if (!wasCanceled) {
                assertThat(scheduler.state())
                        .as("JobEndsWhenNodesRemain: %s", scheduler.plan().job())
                        .isNotEqualTo(JobState.CANCELED);
            }
        }
    }

    /** A job that succeeded has every part once and all its tasks done. */
    static final class SucceededJobIsWhole {
        private SucceededJobIsWhole() {}

        static void check(Scheduler scheduler) {
            if (scheduler.state() == JobState.SUCCEEDED) {
                for (StageCounters stage : scheduler.counters().stages()) {
                    assertThat(stage.recordsIn())
                            .as("SucceededJobIsWhole: each task of %s counted one record", stage.stage())
                            .isEqualTo(stage.tasks());
                }
                int lastReduce = scheduler.plan().lastReduceStage();
                int parts = scheduler.plan().stage(lastReduce).tasks();
                assertThat(scheduler.grantedParts())
                        .extracting(PartFile::partition)
                        .as("SucceededJobIsWhole: parts of %s", scheduler.plan().job())
                        .isEqualTo(IntStream.range(0, parts).boxed().toList());
                assertThat(scheduler.progress().stages())
                        .as(
                                "SucceededJobIsWhole: stages of %s",
                                scheduler.plan().job())
                        .allMatch(stage -> stage.done() == stage.total());
            }
        }
    }
}
