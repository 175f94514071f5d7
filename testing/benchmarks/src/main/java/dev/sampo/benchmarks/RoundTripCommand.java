package dev.sampo.benchmarks;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a job takes that has nothing to do. */
@Command(name = "round-trip", description = "The time from the submit of an empty job to its result.")
final class RoundTripCommand implements Callable<Integer> {
    @Mixin
    NodeOptions options = new NodeOptions();

    @Option(names = "--jobs", defaultValue = "50", description = "how many are measured (${DEFAULT-VALUE})")
    int jobs = 50;

    @Option(names = "--warm-up", defaultValue = "30", description = "how many run before (${DEFAULT-VALUE})")
    int warmUp = 30;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (BenchCluster cluster = new BenchCluster(options, 2)) {
            Samples collected = new Samples();
            Samples written = new Samples();
            Duration before = Duration.ZERO;
            for (int job = -warmUp; job < jobs; job++) {
                if (job == 0) {
                    collected = new Samples();
                    written = new Samples();
                    before = cluster.processorTime();
                }
                long start = System.nanoTime();
                cluster.client().submit(Jobs.noOp(new EmptySplits(1))).await();
                long middle = System.nanoTime();
                Path output = cluster.directory().resolve("out-" + job);
                cluster.client().submit(Jobs.noOp(new EmptySplits(1), output)).await();
                collected.add((middle - start) / 1e6);
                written.add((System.nanoTime() - middle) / 1e6);
            }
            long used = cluster.processorTime().minus(before).toMillis();
            print(out, "collected", collected);
            print(out, "to a directory", written);
            out.printf("processor time of all nodes: %.1f ms per job%n", used / (2.0 * jobs));
            out.flush();
        }
        return 0;
    }

    private static void print(PrintWriter out, String what, Samples millis) {
        out.printf(
                "empty job, %s: p50 %.1f ms, p95 %.1f ms of %d%n",
                what, millis.median(), millis.percentile(0.95), millis.size());
    }
}
