package dev.sampo.internal.schedule;

import dev.sampo.api.StageCounters;
import dev.sampo.internal.model.TaskCounters;
import java.util.HashMap;
import java.util.Map;

/**
 * The counters of the tasks of a stage that are done, kept up to date as tasks come and go: adding them up whenever
 * somebody watches would take time in proportion to the tasks.
 */
final class StageTotals {
    private long recordsIn;
    private long bytesIn;
    private long recordsOut;
    private long bytesOut;
    private long combined;
    private long spills;
    private long spilledBytes;
    private long skipped;
    private final Map<String, Tally> user = new HashMap<>();

    private static final class Tally {
        private long count;
        private int tasks;
    }

    /** Adds what a task counted that is done now. */
    void add(TaskCounters counters) {
        change(counters, 1);
    }

    /** Takes away what a task counted that is not done any more. */
    void subtract(TaskCounters counters) {
        change(counters, -1);
    }

    private void change(TaskCounters counters, int sign) {
        recordsIn += sign * counters.recordsIn();
        bytesIn += sign * counters.bytesIn();
        recordsOut += sign * counters.recordsOut();
        bytesOut += sign * counters.bytesOut();
        combined += sign * counters.combined();
        spills += sign * counters.spills();
        spilledBytes += sign * counters.spilledBytes();
        skipped += sign * counters.skipped();
        for (Map.Entry<String, Long> each : counters.user().entrySet()) {
            Tally tally = user.computeIfAbsent(each.getKey(), name -> new Tally());
            tally.count += sign * each.getValue();
            tally.tasks += sign;
            if (tally.tasks == 0) {
                user.remove(each.getKey()); // no task has counted under that name
            }
        }
    }

    /** Returns the counters of a stage. */
    StageCounters of(StageLedger stage) {
        return new StageCounters(
                stage.stage.name(),
                stage.tasks.size(),
                stage.attempts,
                stage.failedAttempts,
                recordsIn,
                bytesIn,
                recordsOut,
                bytesOut,
                combined,
                spills,
                spilledBytes,
                skipped,
                stage.launchedHome,
                stage.launchedNear,
                stage.launchedFar,
                stage.speculative,
                stage.speculativeWon);
    }

    /** Adds the counters of job functions to others, by name. */
    void addUser(Map<String, Long> to) {
        user.forEach((name, tally) -> to.merge(name, tally.count, Long::sum));
    }
}
