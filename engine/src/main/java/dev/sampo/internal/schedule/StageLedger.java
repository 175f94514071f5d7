package dev.sampo.internal.schedule;

import dev.sampo.internal.model.HeldOutput;
import dev.sampo.internal.plan.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tasks of one stage, once they are known, and how many of them are where. */
final class StageLedger {
    final Stage stage;
    final List<Task> tasks;

    /** Tasks that are done whose outputs are gone, and which nobody needs as long as the next stage is complete. */
    final Set<Task> gone = new LinkedHashSet<>();

    /** Whether the stage before is complete, so that tasks may run. */
    boolean open;

    int done;
    int active;
    /** Attempts that were launched, less those that their nodes gave back before they began. */
    int attempts;

    int failedAttempts;

    /** Second attempts that were launched beside one that seemed late. */
    int speculative;

    /** Those of them that were done first. */
    int speculativeWon;

    /** How long accepted attempts took. */
    final Durations durations = new Durations();

    /** What the tasks that are done have counted. */
    final StageTotals totals = new StageTotals();

    int launchedHome;
    int launchedNear;
    int launchedFar;

    private @Nullable List<HeldOutput> outputs;

    StageLedger(Stage stage, List<Task> tasks) {
        this.stage = stage;
        this.tasks = List.copyOf(tasks);
    }

    /** Returns whether every task is done. */
    boolean isComplete() {
        return done == tasks.size();
    }

    /** Adds an attempt to those that were launched, or takes away one that its node gave back before it began. */
    void count(Attempt attempt, int sign) {
        attempts += sign;
        launchedHome += attempt.home ? sign : 0;
        launchedNear += attempt.nearness == Nearness.NEAR ? sign : 0;
        launchedFar += attempt.nearness == Nearness.FAR ? sign : 0;
    }

    /** Puts down the output of a task, or that it has none any more. */
    void putOutput(Task task, @Nullable HeldOutput output) {
        task.output = output;
        outputs = null;
    }

    /** Returns the outputs by task; only of a complete stage none of whose outputs is gone. */
    List<HeldOutput> outputs() {
        if (outputs == null) {
            List<HeldOutput> all = new ArrayList<>(tasks.size());
            for (Task task : tasks) {
                all.add(Objects.requireNonNull(task.output, "output of a task that is done"));
            }
            outputs = List.copyOf(all);
        }
        return outputs;
    }
}
