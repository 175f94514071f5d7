package dev.sampo.benchmarks;

import dev.sampo.api.JobHandle;
import dev.sampo.api.JobProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How many tasks a second the cluster runs that do nothing. */
@Command(name = "tasks", description = "No-op map tasks per second, heap and processor time.")
final class TasksCommand implements Callable<Integer> {
    private static final int WARM_UP = 2_000;

    @Mixin
    NodeOptions options = new NodeOptions();

    @Option(
            names = "--tasks",
            split = ",",
            defaultValue = "10000,100000",
            description = "how many tasks, one job for each number (${DEFAULT-VALUE})")
    List<Integer> tasks = List.of();

    @Option(names = "--rounds", defaultValue = "1", description = "how often (${DEFAULT-VALUE})")
    int rounds = 1;

    @Option(names = "--workers", defaultValue = "2", description = "how many workers (${DEFAULT-VALUE})")
    int workers = 2;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (BenchCluster cluster = new BenchCluster(options, workers)) {
            cluster.client().submit(Jobs.noOp(new EmptySplits(WARM_UP))).await();
            for (int round = 0; round < rounds; round++) {
                for (int count : tasks) {
                    measure(cluster, count, out);
                }
            }
        }
        return 0;
    }

    private static void measure(BenchCluster cluster, int count, PrintWriter out)
            throws IOException, InterruptedException, ExecutionException {
        List<Integer> lines = new ArrayList<>();
        List<Duration> before = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            lines.add(node.collectionsSoFar());
            before.add(node.processorTime());
        }
        long start = System.nanoTime();
        JobHandle<Long, Long> job = cluster.client().submit(Jobs.noOp(new EmptySplits(count)));
        double mapSeconds = awaitMap(job, start);
        job.await();
        double seconds = (System.nanoTime() - start) / 1e9;
        out.printf(
                "%d tasks: %.2f s, %.0f tasks/s; map stage %.2f s, %.0f tasks/s%n",
                count, seconds, count / seconds, mapSeconds, count / mapSeconds);
        for (int i = 0; i < lines.size(); i++) {
            Node node = cluster.nodes().get(i);
            Node.Heap heap = node.heapSince(lines.get(i));
            out.printf(
                    "  %s: processor %.2f s; heap at most %d MiB before and %d MiB after a collection%n",
                    node.name(), node.processorTime().minus(before.get(i)).toMillis() / 1e3, heap.full(), heap.live());
        }
        out.flush();
    }

    /** Returns after how many seconds all map tasks were seen to be done: as exact as progress is frequent. */
    private static double awaitMap(JobHandle<?, ?> job, long start) throws InterruptedException, ExecutionException {
        CompletableFuture<?> result = job.result().toCompletableFuture();
        while (true) {
            for (JobProgress.Stage stage : job.progress().stages()) {
                if (stage.name().equals("map") && stage.total() > 0 && stage.done() == stage.total()) {
                    return (System.nanoTime() - start) / 1e9;
                }
            }
            try {
                result.get(5, TimeUnit.MILLISECONDS);
                return (System.nanoTime() - start) / 1e9;
            } catch (TimeoutException runs) {
                // looks again
            }
        }
    }
}
