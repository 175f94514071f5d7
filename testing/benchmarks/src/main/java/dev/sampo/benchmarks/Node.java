package dev.sampo.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A node program as a process, with what it has said and what it took. */
final class Node implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Sampo (?:seed|worker) \\S+ is ready at (\\S+), cluster");
    private static final Pattern COLLECTION = Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\((\\d+)M\\)");
    private static final Duration START = Duration.ofMinutes(2);

    private final String name;
    private final Process process;
    private final Path collections;
    private final CompletableFuture<String> address = new CompletableFuture<>();

    private Node(String name, Process process, Path directory) {
        this.name = name;
        this.process = process;
        this.collections = directory.resolve(name + ".gc");
        Thread pump = new Thread(() -> pump(directory.resolve(name + ".log")), "log-" + name);
        pump.setDaemon(true);
        pump.start();
    }

    /**
     * Starts a node.
     *
     * @param command all of it
     * @param directory takes its log; its JVM writes the log of its collections there, as {@link #collectionLog} says
     */
    static Node start(String name, List<String> command, Path directory) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new Node(name, process, directory);
    }

    /** Returns the option by which the JVM of a node logs its collections. */
    static String collectionLog(String name, Path directory) {
        return "-Xlog:gc:file=" + directory.resolve(name + ".gc");
    }

    String name() {
        return name;
    }

    /** Waits until the node is a member, and returns its host and port. */
    String awaitReady() throws InterruptedException {
        try {
            return address.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("node " + name + " did not start; its log says why", e);
        }
    }

    private void pump(Path log) {
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                Writer file = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                file.write(line + "\n");
                file.flush();
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    address.complete(ready.group(1));
                }
            }
            address.completeExceptionally(new IllegalStateException("the process of node " + name + " ended"));
        } catch (IOException e) {
            address.completeExceptionally(e);
        }
    }

    /** Returns the time that the processors have spent on it, in user and system mode together. */
    Duration processorTime() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Returns the process that is the node: a worker's has a small parent, which started first. */
    ProcessHandle life() {
        return process.descendants().reduce((first, last) -> last).orElse(process.toHandle());
    }

    /**
     * What the collections saw of the heap, in MiB.
     *
     * @param full the most that it held before one
     * @param live the most that was left after one
     */
    record Heap(int full, int live) {}

    /** Returns what the collections since a line of their log saw; zeros when there was none. */
    Heap heapSince(int line) throws IOException {
        int full = 0;
        int live = 0;
        for (String each : collectionLines().stream().skip(line).toList()) {
            Matcher matcher = COLLECTION.matcher(each);
            if (matcher.find()) {
                full = Math.max(full, Integer.parseInt(matcher.group(1)));
                live = Math.max(live, Integer.parseInt(matcher.group(2)));
            }
        }
        return new Heap(full, live);
    }

    /** Returns how many lines the log of its collections has. */
    int collectionsSoFar() throws IOException {
        return collectionLines().size();
    }

    private List<String> collectionLines() throws IOException {
        return Files.exists(collections) ? Files.readAllLines(collections) : List.of();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
