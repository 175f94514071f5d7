package dev.sampo.internal.schedule;

import dev.sampo.internal.plan.ExecutionPlan;
import java.util.List;

/**
 * Lets the tasks of a stage run when the stage before is complete, and takes that back when an output of it is lost.
 *
 * <p>A lost output is made again only when it is needed: when the next stage is not complete. Otherwise it is noted as
 * gone, and made again if a task of the next stage has to run once more, which may reach back through several stages.
 */
final class StageFlow {
    private final JobLedger ledger;
    private final TaskQueues queues;
    private final LeaseBook leases;
    private boolean shut = true;

    StageFlow(JobLedger ledger, TaskQueues queues, LeaseBook leases) {
        this.ledger = ledger;
        this.queues = queues;
        this.leases = leases;
    }

    /** Lets the first stage run. */
    void start() {
        shut = false;
    }

    /** Lets nothing run any more. */
    void shut() {
        shut = true;
        queues.clear();
    }

    /** Opens every stage whose inputs are complete and closes every stage whose inputs are not. */
    void update() {
        if (shut) {
            return;
        }
        boolean inputsComplete = true;
        for (StageLedger stage : ledger.stages()) {
            if (stage.stage.number() > 0) {
                StageLedger before = ledger.stage(stage.stage.number() - 1);
                inputsComplete = before != null && before.isComplete();
            }
            if (inputsComplete && !stage.open) {
                open(stage);
            } else if (!inputsComplete && stage.open && !stage.isComplete()) {
                close(stage);
            }
        }
    }

    private void open(StageLedger stage) {
        stage.open = true;
        stage.tasks.forEach(this::settle);
    }

    private void close(StageLedger stage) {
        stage.open = false;
        for (Task task : stage.tasks) {
            if (task.state == TaskLifecycle.State.RUNNABLE) {
                queues.remove(task);
                ledger.move(task, TaskLifecycle.Event.INPUTS_LOST);
            }
        }
    }

    /** Returns whether the tasks of a stage may run, or have run. */
    boolean isOpen(int stage) {
        StageLedger of = ledger.stage(stage);
        return of != null && of.open;
    }

    /** Lets a waiting task run if its inputs are complete. */
    void settle(Task task) {
        if (!shut && task.state == TaskLifecycle.State.WAITING && ledger.stageOf(task).open) {
            ledger.move(task, TaskLifecycle.Event.INPUTS_COMPLETE);
            queues.add(task);
            leases.stir();
        }
    }

    /** Ends the repetition of a task whose output turned out not to be needed again. */
    void forgo(Task task) {
        queues.remove(task);
        ledger.move(task, TaskLifecycle.Event.NOT_NEEDED);
        ledger.stageOf(task).gone.add(task);
    }

    /** Strikes the output of a task and has it made again if it is needed. */
    void loseOutput(Task task) {
        ledger.strikeOutput(task);
        StageLedger next = ledger.stage(task.id.stage() + 1);
        if (next == null || !next.isComplete()) {
            repeat(task);
        } else {
            ledger.stageOf(task).gone.add(task);
        }
    }

    private void repeat(Task task) {
        ledger.move(task, TaskLifecycle.Event.OUTPUT_LOST);
        if (task.id.stage() > ExecutionPlan.MAP_STAGE) {
            StageLedger before = ledger.stage(task.id.stage() - 1);
            if (before != null) {
                List<Task> needed = List.copyOf(before.gone);
                before.gone.clear();
                needed.forEach(this::repeat);
            }
        }
        settle(task);
    }
}
