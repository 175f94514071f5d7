package dev.sampo.internal.execute;

import dev.sampo.api.Counters;
import dev.sampo.api.OutputPart;
import dev.sampo.api.StageCounters;
import dev.sampo.internal.model.HeldResult;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.output.Manifest;
import dev.sampo.internal.output.ManifestFacts;
import dev.sampo.internal.output.ManifestStage;
import dev.sampo.internal.output.OutputCommitter;
import dev.sampo.internal.protocol.NodeProtocol.LaunchCommitAttempt;
import dev.sampo.spi.OutputSink;
import java.util.List;

/** The work of a commit attempt: gives the granted parts their final names and writes the manifest. */
final class CommitRunner implements AttemptWork {
    private final LaunchCommitAttempt launch;

    CommitRunner(LaunchCommitAttempt launch) {
        this.launch = launch;
    }

    @Override
    public Outcome run(AttemptScope scope) throws InterruptedException {
        scope.checkCanceled();
        JobId job = scope.attempt().task().job();
        OutputSink<?, ?> sink = scope.functions().sink();
        if (HeldResult.isHeld(sink.directory())) {
            return new Outcome.Committed(HeldParts.visible(launch.parts()));
        }
        OutputCommitter committer = new OutputCommitter(
                sink.directory(), scope.node().settings().output(), scope.node().faults());
        Manifest manifest = committer.commit(job, sink.overwrite(), launch.parts(), facts(scope));
        scope.node().claims().committed(job);
        return new Outcome.Committed(manifest.parts().stream()
                .map(part -> new OutputPart(part.name(), part.records(), part.bytes(), part.digest()))
                .toList());
    }

    private ManifestFacts facts(AttemptScope scope) {
        Counters counters = launch.counters();
        List<ManifestStage> stages =
                counters.stages().stream().map(CommitRunner::manifestStage).toList();
        return new ManifestFacts(
                scope.jobName(),
                scope.node().engineVersion(),
                launch.started(),
                scope.node().clock().instant().toString(),
                stages,
                counters.user());
    }

    private static ManifestStage manifestStage(StageCounters stage) {
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
                stage.launchedHome());
    }
}
