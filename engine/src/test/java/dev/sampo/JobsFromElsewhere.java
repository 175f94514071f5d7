package dev.sampo;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.sampo.api.JobHandle;
import dev.sampo.api.JobState;
import dev.sampo.internal.runtime.CompiledJob;
import dev.sampo.internal.runtime.NodeProcess;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.ObjectStreamClass;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * The main class of a JVM with a seed, a worker and a submitter: jobs that succeed, fail and are canceled, whose classes
 * come with them, leave neither a class loader nor a file on the worker.
 */
final class JobsFromElsewhere {
    private static final String LOADERS = "sampo.test.loaders";
    private static final String SOURCE = """
            package own;

            import dev.sampo.api.*;
            import dev.sampo.io.*;
            import java.lang.ref.WeakReference;
            import java.nio.file.Path;
            import java.util.*;

            public final class Clinging {
                private static final ThreadLocal<Clinging> HELD = new ThreadLocal<>();

                @SuppressWarnings("unchecked")
                public static JobSpec<String, Long> job(String how, Path out) {
                    return JobSpec.named(how)
                            .read(MemoryInput.of(List.of("a")))
                            .map(String.class, Long.class, (String word, Emitter<String, Long> to) -> {
                                HELD.set(new Clinging());
                                ((Queue<Object>) System.getProperties().get("sampo.test.loaders"))
                                        .add(new WeakReference<>(Clinging.class.getClassLoader()));
                                if (how.equals("fails")) {
                                    throw new IllegalStateException("fails on purpose");
                                } else if (how.equals("hangs")) {
                                    Thread.currentThread().join();
                                }
                                to.emit(word, 1L);
                            })
                            .reduce(String.class, Long.class, Reducers.sumLong())
                            .writeTo(TextOutput.to(out))
                            .withMaxAttempts(2);
                }
            }
            """;

    private JobsFromElsewhere() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Queue<WeakReference<ClassLoader>> loaders = new ConcurrentLinkedQueue<>();
        System.getProperties().put(LOADERS, loaders);
        try (NodeProcess seed = NodeProcess.seed(settings("none", folder.resolve("seed")))) {
            String address =
                    Cluster.get(seed.system()).selfMember().address().hostPort().replaceFirst(".*@", "");
            try (NodeProcess worker = NodeProcess.worker(settings(address, folder.resolve("worker")));
                    Sampo client = Sampo.join(settings(address, folder.resolve("client")))) {
                if (worker.ended().toCompletableFuture().isDone()) {
                    throw new IllegalStateException("the worker did not start");
                }
                run(folder, client);
                if (loaders.size() != 4) {
                    throw new IllegalStateException(loaders.size() + " attempts mapped; expected 1, 2 and 1");
                }
                await().atMost(60, SECONDS).until(() -> {
                    System.gc();
                    ObjectStreamClass.lookup(String.class); // the JDK lets go of cleared entries when it is next asked
                    return loaders.stream().allMatch(loader -> loader.refersTo(null)) && filesIn(folder) == 0;
                });
            }
        }
    }

    private static void run(Path folder, Sampo client) throws Exception {
        Path out = Files.createDirectories(folder.resolveSibling("out-of-the-jobs"));
        try (CompiledJob job = CompiledJob.of(out, "Clinging", SOURCE)) {
            client.submit(job.spec("Clinging", "succeeds", out.resolve("1"))).await();
            expectFailure(client.submit(job.spec("Clinging", "fails", out.resolve("2"))), "fails on purpose");
            JobHandle<String, Long> hanging = client.submit(job.spec("Clinging", "hangs", out.resolve("3")));
            await().atMost(30, SECONDS)
                    .until(() -> hanging.state() == JobState.RUNNING
                            && System.getProperties().get(LOADERS) instanceof Queue<?> known
                            && known.size() == 4);
            hanging.cancel();
            expectFailure(hanging, "canceled");
        }
    }

    private static void expectFailure(JobHandle<String, Long> job, String message) throws InterruptedException {
        try {
            job.await();
        } catch (SampoException e) {
            if (String.valueOf(e.getMessage()).contains(message)) {
                return;
            }
            throw e;
        }
        throw new IllegalStateException("the job succeeded; expected: " + message);
    }

    private static long filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().contains("blobs") || file.toString().contains("ship"))
                    .count();
        }
    }

    private static Config settings(String seeds, Path temp) {
        return ConfigFactory.parseMap(Map.of(
                "sampo.slots",
                1,
                "sampo.memory",
                "8MiB",
                "sampo.cluster.port",
                0,
                "sampo.cluster.seeds",
                seeds,
                "sampo.temp-dir",
                temp.toString()));
    }
}
