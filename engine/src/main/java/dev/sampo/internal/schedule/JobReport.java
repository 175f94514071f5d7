package dev.sampo.internal.schedule;

import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobState;
import dev.sampo.api.StageCounters;
import dev.sampo.internal.model.StageKind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Adds up what the ledger knows for people to read. */
final class JobReport {
    private final JobLedger ledger;

    JobReport(JobLedger ledger) {
        this.ledger = ledger;
    }

    /** Returns how far the stages that have tasks are. */
    JobProgress progress(JobState state) {
        List<JobProgress.Stage> stages = new ArrayList<>();
        for (StageLedger stage : ledger.stages()) {
            if (stage.stage.kind() != StageKind.SAMPLE || !stage.tasks.isEmpty()) {
                stages.add(new JobProgress.Stage(stage.stage.name(), stage.tasks.size(), stage.done, stage.active));
            }
        }
        return new JobProgress(state, stages);
    }

    /** Returns the counters of the map and reduce stages, of the accepted attempt of each task that is done. */
    Counters counters() {
        List<StageCounters> stages = new ArrayList<>();
        TreeMap<String, Long> user = new TreeMap<>();
        for (StageLedger stage : ledger.stages()) {
            StageKind kind = stage.stage.kind();
            if (kind == StageKind.MAP || kind == StageKind.REDUCE) {
                stages.add(stage.totals.of(stage));
                stage.totals.addUser(user);
            }
        }
        return new Counters(stages, user);
    }
}
