package dev.sampo.benchmarks;

import dev.sampo.api.JobResult;
import dev.sampo.api.JobSpec;
import dev.sampo.api.Reducers;
import dev.sampo.api.StageCounters;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What second attempts gain when one node is slow. */
@Command(name = "straggler", description = "A job on four workers of which one is slow, with and without speculation.")
final class StragglerCommand implements Callable<Integer> {
    @Mixin
    NodeOptions options = new NodeOptions();

    @Option(names = "--workers", defaultValue = "4", description = "how many workers (${DEFAULT-VALUE})")
    int workers = 4;

    @Option(
            names = "--slowness",
            defaultValue = "4",
            description = "how many times as long records take on one of them (${DEFAULT-VALUE})")
    int slowness = 4;

    @Option(names = "--tasks", defaultValue = "16", description = "how many map tasks (${DEFAULT-VALUE})")
    int tasks = 16;

    @Option(names = "--seconds", defaultValue = "5", description = "how long one takes (${DEFAULT-VALUE})")
    int seconds = 5;

    @Option(names = "--rounds", defaultValue = "3", description = "how often, in turns (${DEFAULT-VALUE})")
    int rounds = 3;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (BenchCluster cluster = new BenchCluster(options, workers - 1)) {
            cluster.startWorker(List.of("-D" + SlowRecords.SLOWNESS + "=" + slowness))
                    .awaitReady();
            Samples with = new Samples();
            Samples without = new Samples();
            for (int round = 0; round < rounds; round++) {
                with.add(run(cluster, job(), "with", out));
                without.add(run(cluster, job().withoutSpeculation(), "without", out));
            }
            out.printf(
                    "one of %d workers %d times as slow, %d tasks of %d s: with speculation %.1f s, without %.1f s, ratio of"
                            + " medians %.2f%n",
                    workers,
                    slowness,
                    tasks,
                    seconds,
                    with.median(),
                    without.median(),
                    with.median() / without.median());
            out.flush();
        }
        return 0;
    }

    private JobSpec<Long, Long> job() {
        int records = 100;
        return JobSpec.named("straggler")
                .read(new SlowRecords(tasks, records, seconds * 1_000L / records))
                .map(Long.class, Long.class, (record, emitter) -> emitter.emit(record, 1L))
                .partitions(1)
                .reduce(Long.class, Long.class, Reducers.sumLong())
                .collect()
                .withoutShipping();
    }

    private static double run(BenchCluster cluster, JobSpec<Long, Long> job, String how, PrintWriter out)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (JobResult<Long, Long> result = cluster.client().submit(job).await()) {
            double taken = (System.nanoTime() - start) / 1e9;
            StageCounters map = result.counters().stage("map");
            out.printf(
                    "  %s: %.2f s; %d map attempts for %d tasks, %d of the second ones done first%n",
                    how, taken, map.attempts(), map.tasks(), map.speculativeWon());
            out.flush();
            return taken;
        }
    }
}
