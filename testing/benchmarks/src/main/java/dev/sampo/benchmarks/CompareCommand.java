package dev.sampo.benchmarks;

import dev.sampo.examples.sort.RecordSort;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A cluster of two workers against the embedded engine with as many slots. */
@Command(name = "compare", description = "The same jobs on the cluster and on the embedded engine, in turns.")
final class CompareCommand implements Callable<Integer> {
    private static final int WORDS = 50_000;

    @Mixin
    NodeOptions options = new NodeOptions();

    @Option(names = "--text", description = "a file of text to count the words of; made when it is not given")
    @Nullable
    Path text;

    @Option(names = "--megabytes", defaultValue = "300", description = "the size of what is made (${DEFAULT-VALUE})")
    int megabytes = 300;

    @Option(names = "--rounds", defaultValue = "5", description = "how often, after one to warm up (${DEFAULT-VALUE})")
    int rounds = 5;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (BenchCluster cluster = new BenchCluster(options, 2)) {
            Path words = text != null ? text : makeText(cluster.directory().resolve("text"), megabytes);
            Path records = makeRecords(cluster.directory().resolve("records"), megabytes);
            Process embedded = startEmbedded(cluster.directory());
            try (Writer orders = new BufferedWriter(
                            new OutputStreamWriter(embedded.getOutputStream(), StandardCharsets.UTF_8));
                    BufferedReader answers = new BufferedReader(
                            new InputStreamReader(embedded.getInputStream(), StandardCharsets.UTF_8))) {
                compare(Jobs.WORD_COUNT, words, cluster, embedded.toHandle(), orders, answers, out);
                compare(Jobs.SORT, records, cluster, embedded.toHandle(), orders, answers, out);
            } finally {
                embedded.destroyForcibly();
            }
        }
        return 0;
    }

    private void compare(
            Jobs job,
            Path input,
            BenchCluster cluster,
            ProcessHandle embedded,
            Writer orders,
            BufferedReader answers,
            PrintWriter out)
            throws IOException, InterruptedException {
        Samples clusterSeconds = new Samples();
        Samples embeddedSeconds = new Samples();
        Samples clusterProcessor = new Samples();
        Samples embeddedProcessor = new Samples();
        for (int round = 0; round <= rounds; round++) {
            Path output = cluster.directory().resolve("output");
            Duration ofCluster = cluster.processorTime();
            long start = System.nanoTime();
            cluster.client().submit(job.of(input, output)).await();
            double onCluster = (System.nanoTime() - start) / 1e9;
            ofCluster = cluster.processorTime().minus(ofCluster);
            BenchCluster.delete(output);

            Duration ofEmbedded = embedded.info().totalCpuDuration().orElse(Duration.ZERO);
            start = System.nanoTime();
            orders.write(job + "\t" + input + "\t" + output + "\n");
            orders.flush();
            String answer = answers.readLine();
            if (!EmbeddedRunner.DONE.equals(answer)) {
                throw new IllegalStateException("the embedded engine said " + answer + "; expected done");
            }
            double onEmbedded = (System.nanoTime() - start) / 1e9;
            ofEmbedded =
                    embedded.info().totalCpuDuration().orElse(Duration.ZERO).minus(ofEmbedded);
            BenchCluster.delete(output);
            if (round > 0) {
                clusterSeconds.add(onCluster);
                embeddedSeconds.add(onEmbedded);
                clusterProcessor.add(ofCluster.toMillis() / 1e3);
                embeddedProcessor.add(ofEmbedded.toMillis() / 1e3);
            }
            out.printf(
                    "  %s, round %d: cluster %.2f s (processor %.2f s), embedded %.2f s (%.2f s)%n",
                    job, round, onCluster, ofCluster.toMillis() / 1e3, onEmbedded, ofEmbedded.toMillis() / 1e3);
            out.flush();
        }
        out.printf(
                "%s of %d MB: cluster %.2f s, embedded %.2f s, ratio of medians %.2f; processor %.2f s and %.2f s,"
                        + " ratio %.2f%n",
                job,
                Files.size(input) / 1_000_000,
                clusterSeconds.median(),
                embeddedSeconds.median(),
                clusterSeconds.median() / embeddedSeconds.median(),
                clusterProcessor.median(),
                embeddedProcessor.median(),
                clusterProcessor.median() / embeddedProcessor.median());
        out.flush();
    }

    /** Its heap is that of both workers together. */
    private Process startEmbedded(Path directory) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx" + doubled(options.heap), "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EmbeddedRunner.class.getName()));
        command.add(directory.resolve("embedded").toString());
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("embedded.log").toFile())
                .start();
    }

    /** Returns twice a size such as 256m. */
    static String doubled(String size) {
        return 2 * Integer.parseInt(size.substring(0, size.length() - 1)) + size.substring(size.length() - 1);
    }

    /** Lines of words, some of which are far more frequent than others. */
    private static Path makeText(Path file, int megabytes) throws IOException {
        Random random = new Random(1);
        byte[][] words = Stream.generate(() -> Long.toString(random.nextLong(1L << 40), 36))
                .limit(WORDS)
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            long left = megabytes * 1_000_000L;
            for (int count = 1; left > 0; count++) {
                double skewed = random.nextDouble();
                byte[] word = words[(int) (WORDS * skewed * skewed * skewed)];
                out.write(word);
                out.write(count % 10 == 0 ? '\n' : ' ');
                left -= word.length + 1;
            }
        }
        return file;
    }

    private static Path makeRecords(Path file, int megabytes) throws IOException {
        Random random = new Random(2);
        byte[] record = new byte[RecordSort.RECORD_BYTES];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (long written = 0; written < megabytes * 1_000_000L; written += record.length) {
                random.nextBytes(record);
                out.write(record);
            }
        }
        return file;
    }
}
