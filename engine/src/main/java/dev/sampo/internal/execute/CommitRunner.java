package dev.sampo.internal.execute;

import dev.sampo.internal.model.HeldResult;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.output.Manifest;
import dev.sampo.internal.output.ManifestFacts;
import dev.sampo.internal.output.OutputCommitter;
import dev.sampo.internal.protocol.NodeProtocol.LaunchCommitAttempt;
import dev.sampo.spi.OutputSink;

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
        return new Outcome.Committed(CommitFacts.visible(manifest));
    }

    private ManifestFacts facts(AttemptScope scope) {
        return CommitFacts.of(
                scope.jobName(),
                scope.node().engineVersion(),
                launch.started(),
                scope.node().clock().instant().toString(),
                launch.counters());
    }
}
