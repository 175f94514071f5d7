package dev.sampo.internal.schedule;

import dev.sampo.internal.model.AttemptId;
import dev.sampo.internal.model.HashRing;
import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.model.NodeId;
import dev.sampo.internal.model.SlotLease;
import dev.sampo.internal.model.TaskCounters;
import dev.sampo.internal.model.TaskId;
import dev.sampo.internal.plan.ExecutionPlan;
import dev.sampo.internal.plan.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The books of a job: its tasks, the attempts that have not ended, and who holds which output. It keeps them
 * consistent and decides nothing. Of ended attempts only their number is kept, so it does not grow with retries.
 */
final class JobLedger {
    private final List<@Nullable StageLedger> stages = new ArrayList<>();
    private final Map<AttemptId, Attempt> live = new LinkedHashMap<>();
    private final Map<NodeId, Set<Attempt>> liveByNode = new LinkedHashMap<>();
    private final Map<NodeId, Set<Task>> outputsByNode = new LinkedHashMap<>();
    private final TransitionObserver observer;
    private long moves;

    JobLedger(int stageCount, TransitionObserver observer) {
        this.observer = observer;
        for (int i = 0; i < stageCount; i++) {
            stages.add(null);
        }
    }

    /** Enters the tasks of every stage that the plan knows and the ledger does not. */
    void enter(ExecutionPlan plan) {
        for (Stage stage : plan.stages()) {
            if (!stage.isKnown() || stages.get(stage.number()) != null) {
                continue;
            }
            List<Task> tasks = new ArrayList<>(stage.tasks());
            for (int index = 0; index < stage.tasks(); index++) {
                TaskId id = new TaskId(plan.job(), stage.number(), index);
                Long hash = plan.isRouted(stage.number()) ? (Long) HashRing.hash(plan.routingKey(id)) : null;
                tasks.add(new Task(id, hash, plan.locations(id)));
            }
            stages.set(stage.number(), new StageLedger(stage, tasks));
        }
    }

    /** Returns a stage; null while its tasks are not known. */
    @Nullable
    StageLedger stage(int number) {
        return stages.get(number);
    }

    /** Returns the stage of a task. */
    StageLedger stageOf(Task task) {
        StageLedger stage = stages.get(task.id.stage());
        if (stage == null) {
            throw new IllegalStateException("stage of task " + task + " is not known; expected one that is");
        }
        return stage;
    }

    /** Returns the stages whose tasks are known. */
    List<StageLedger> stages() {
        List<StageLedger> known = new ArrayList<>(stages.size());
        for (StageLedger stage : stages) {
            if (stage != null) {
                known.add(stage);
            }
        }
        return known;
    }

    /** Returns a task; null when there is none of that id. */
    @Nullable
    Task task(TaskId id) {
        StageLedger stage = id.stage() < stages.size() ? stages.get(id.stage()) : null;
        if (stage == null || id.index() >= stage.tasks.size()) {
            return null;
        }
        Task task = stage.tasks.get(id.index());
        return task.id.equals(id) ? task : null;
    }

    /** Returns an attempt that has not ended; null when there is none of that id. */
    @Nullable
    Attempt live(AttemptId id) {
        return live.get(id);
    }

    /** Returns the attempts that have not ended, in the order of their launch. */
    Collection<Attempt> live() {
        return List.copyOf(live.values());
    }

    /** Returns how many attempts have not ended. Each of them has a slot. */
    int liveCount() {
        return live.size();
    }

    /** Returns the attempts on a node that have not ended. */
    Collection<Attempt> liveOn(NodeId node) {
        return List.copyOf(liveByNode.getOrDefault(node, Set.of()));
    }

    /** Returns the tasks whose outputs a node holds, those of later stages first. */
    Collection<Task> outputsOn(NodeId node) {
        Set<Task> held = outputsByNode.getOrDefault(node, Set.of());
        return List.copyOf(new TreeSet<>(held).descendingSet());
    }

    /** Moves a task along its lifecycle and counts it where it then is. */
    void move(Task task, TaskLifecycle.Event event) {
        StageLedger stage = stageOf(task);
        TaskLifecycle.State from = task.state;
        task.state = TaskLifecycle.TABLE.next(from, event, task, observer);
        stage.active +=
                (task.state == TaskLifecycle.State.ACTIVE ? 1 : 0) - (from == TaskLifecycle.State.ACTIVE ? 1 : 0);
        stage.done += (task.state == TaskLifecycle.State.DONE ? 1 : 0) - (from == TaskLifecycle.State.DONE ? 1 : 0);
        if (from != task.state && task.state == TaskLifecycle.State.DONE) {
            stage.totals.add(task.counters);
        } else if (from != task.state && from == TaskLifecycle.State.DONE) {
            stage.totals.subtract(task.counters);
        }
        if (task.state != TaskLifecycle.State.ACTIVE) {
            task.current = null;
            task.second = null;
        }
    }

    /** Moves an attempt along its lifecycle. */
    void move(Attempt attempt, AttemptLifecycle.Event event) {
        attempt.state = AttemptLifecycle.TABLE.next(attempt.state, event, attempt, observer);
        if (event == AttemptLifecycle.Event.TURNED_AWAY) {
            StageLedger stage = stageOf(attempt.task);
            stage.count(attempt, -1); // it has not begun
            stage.speculative -= attempt.equals(attempt.task.second) ? 1 : 0;
        }
        if (AttemptLifecycle.TABLE.isEnd(attempt.state)) {
            live.remove(attempt.id);
            Set<Attempt> there = liveByNode.get(attempt.node());
            if (there != null && there.remove(attempt) && there.isEmpty()) {
                liveByNode.remove(attempt.node());
            }
        }
    }

    /** Enters the next attempt of a task that is runnable, or is active with one attempt: then this is its second. */
    Attempt launch(Task task, SlotLease lease, boolean home, Nearness nearness) {
        Attempt attempt = new Attempt(new AttemptId(task.id, task.attempts), task, lease, home, nearness);
        StageLedger stage = stageOf(task);
        if (task.current != null) {
            task.second = attempt;
            stage.speculative++;
        } else {
            move(task, TaskLifecycle.Event.LAUNCHED);
            task.current = attempt;
        }
        task.attempts++;
        attempt.movesKnown = moves;
        stage.count(attempt, 1);
        live.put(attempt.id, attempt);
        liveByNode.computeIfAbsent(lease.node(), node -> new LinkedHashSet<>()).add(attempt);
        return attempt;
    }

    /** Ends a task and its attempt with a result that counts. */
    void accept(Attempt attempt, TaskCounters counters, @Nullable HeldOutput output) {
        Task task = attempt.task;
        move(attempt, AttemptLifecycle.Event.ACCEPTED);
        task.counters = counters;
        move(task, TaskLifecycle.Event.FINISHED);
        if (output != null) {
            stageOf(task).putOutput(task, output);
            outputsByNode
                    .computeIfAbsent(output.node(), node -> new LinkedHashSet<>())
                    .add(task);
        }
    }

    /** Notes that another node holds the output of a task now. */
    void moveOutput(Task task, NodeId to) {
        HeldOutput output = task.output;
        if (output == null) {
            return;
        }
        strikeOutput(task);
        stageOf(task).putOutput(task, new HeldOutput(output.attempt(), to, output.bytes()));
        outputsByNode.computeIfAbsent(to, node -> new LinkedHashSet<>()).add(task);
        task.movedAt = ++moves;
    }

    /** Strikes the output of a task from the books. */
    void strikeOutput(Task task) {
        HeldOutput output = task.output;
        if (output == null) {
            return;
        }
        Set<Task> there = outputsByNode.get(output.node());
        if (there != null && there.remove(task) && there.isEmpty()) {
            outputsByNode.remove(output.node());
        }
        stageOf(task).putOutput(task, null);
    }
}
