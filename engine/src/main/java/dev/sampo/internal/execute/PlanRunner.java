package dev.sampo.internal.execute;

import dev.sampo.internal.model.HeldResult;
import dev.sampo.internal.output.OutputCommitter;
import dev.sampo.internal.protocol.TaskProtocol.ListedSplit;
import dev.sampo.spi.InputSource;
import dev.sampo.spi.OutputSink;
import dev.sampo.spi.Split;
import java.util.ArrayList;
import java.util.List;

/**
 * The work of a plan attempt: lists the splits of all inputs, in the order the inputs were named, then claims the output
 * directory. In this order, so that a job with a wrong input leaves no trace of an output.
 */
final class PlanRunner implements AttemptWork {
    @Override
    public Outcome run(AttemptScope scope) throws Exception {
        JobFunctions functions = scope.functions();
        List<ListedSplit> splits = new ArrayList<>();
        for (int input = 0; input < functions.inputs(); input++) {
            scope.checkCanceled();
            InputSource<?> source = functions.input(input).source();
            scope.enterUserCode();
            List<Split> found = source.splits(scope.readOptions());
            scope.leaveUserCode();
            for (Split split : found) {
                splits.add(new ListedSplit(input, split));
            }
        }
        OutputSink<?, ?> sink = functions.sink();
        if (HeldResult.isHeld(sink.directory())) {
            return new Outcome.Planned(splits);
        }
        OutputCommitter committer = new OutputCommitter(
                sink.directory(), scope.node().settings().output(), scope.node().faults());
        scope.checkCanceled();
        scope.node().claims().claim(scope.attempt().task().job(), committer, sink.overwrite());
        committer.leaveProbe(scope.attempt());
        return new Outcome.Planned(splits);
    }
}
