package dev.sampo.benchmarks;

import dev.sampo.api.JobHandle;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a new worker takes to its first task. */
@Command(name = "start", description = "The time from the start of a worker's process to its first task.")
final class StartCommand implements Callable<Integer> {
    @Mixin
    NodeOptions options = new NodeOptions();

    @Option(names = "--rounds", defaultValue = "5", description = "how often (${DEFAULT-VALUE})")
    int rounds = 5;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Samples listed = new Samples();
        Samples opened = new Samples();
        for (int round = 0; round < rounds; round++) {
            try (BenchCluster cluster = new BenchCluster(options, 0)) {
                Path stamps = Files.createDirectory(cluster.directory().resolve("stamps"));
                JobHandle<Long, Long> job = cluster.client().submit(Jobs.noOp(new EmptySplits(1, stamps.toString())));
                job.accepted().toCompletableFuture().get();
                long start = System.currentTimeMillis();
                cluster.startWorker();
                job.await();
                listed.add(at(stamps, EmptySplits.LISTED) - start);
                opened.add(at(stamps, EmptySplits.OPENED) - start);
            }
        }
        out.printf(
                "worker start to its first attempt (plan): median %.0f ms, to its first map task: median %.0f ms of %d%n",
                listed.median(), opened.median(), opened.size());
        out.flush();
        return 0;
    }

    private static double at(Path stamps, String name) throws IOException {
        return Long.parseLong(Files.readString(stamps.resolve(name)));
    }
}
