package dev.sampo.internal.execute;

import dev.sampo.api.Counters;
import dev.sampo.api.OutputPart;
import dev.sampo.api.StageCounters;
import dev.sampo.internal.output.Manifest;
import dev.sampo.internal.output.ManifestFacts;
import dev.sampo.internal.output.ManifestStage;
import java.util.List;

/** What the manifest tells of a job, and what a submitter is told of a manifest. */
public final class CommitFacts {
    private CommitFacts() {}

    /**
     * Returns what the manifest tells besides the parts.
     *
     * @param job what people call the job
     * @param engine the version of this engine
     * @param started when the job was accepted, ISO 8601 in UTC
     * @param ended when its commit begins, ISO 8601 in UTC
     * @param counters what the job counted
     */
    public static ManifestFacts of(String job, String engine, String started, String ended, Counters counters) {
        List<ManifestStage> stages =
                counters.stages().stream().map(CommitFacts::stage).toList();
        return new ManifestFacts(job, engine, started, ended, stages, counters.user());
    }

    /** Returns the parts of a committed result. */
    public static List<OutputPart> visible(Manifest manifest) {
        return manifest.parts().stream()
                .map(part -> new OutputPart(part.name(), part.records(), part.bytes(), part.digest()))
                .toList();
    }

    private static ManifestStage stage(StageCounters stage) {
        return new ManifestStage(
                stage.stage(),
                stage.tasks(),
                stage.attempts(),
                stage.failedAttempts(),
                stage.recordsIn(),
                stage.bytesIn(),
                stage.recordsOut(),
                stage.bytesOut(),
                stage.combined(),
                stage.spills(),
                stage.spilledBytes(),
                stage.skipped(),
                stage.launchedHome(),
                stage.launchedNear(),
                stage.launchedFar(),
                stage.speculative(),
                stage.speculativeWon());
    }
}
