package dev.sampo.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The parent's hold on one forked node: its process, its log, and what is known of its end. Used by one thread. */
final class NodeProcess {
    /** The last line of a thread dump of HotSpot, up to the heap summary that not every collector prints. */
    private static final String END_OF_DUMP = "JNI global refs";

    private final String name;
    private final Path log;
    private final Process process;
    private final Thread pump;
    private final CountDownLatch dumped = new CountDownLatch(1);

    private @Nullable ControlConnection connection;
    private @Nullable Outcome outcome;
    private String account = "";
    private OptionalInt exitCode = OptionalInt.empty();
    private boolean endExpected;
    private boolean started;

    private NodeProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        pump = new Thread(this::pump, "multi-node-log-" + name);
        pump.setDaemon(true);
    }

    /**
     * Starts a node.
     *
     * @param onEnd told the name and the exit code, by another thread, when the process is gone
     */
    static NodeProcess start(String name, ProcessBuilder builder, Path directory, BiConsumer<String, Integer> onEnd)
            throws IOException {
        NodeProcess node = new NodeProcess(name, directory.resolve(name + ".log"), builder.start());
        node.pump.start();
        var unused = node.process.onExit().thenAccept(ended -> onEnd.accept(name, ended.exitValue()));
        return node;
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    void connected(ControlConnection to) {
        connection = to;
    }

    void started() {
        started = true;
    }

    boolean isStarted() {
        return started;
    }

    /** Sends a frame; a node that is gone does not mind. */
    void send(Frame frame) {
        ControlConnection to = connection;
        if (to == null) {
            return;
        }
        try {
            to.send(frame);
        } catch (IOException gone) {
            // its end is reported by the process itself
            connection = null;
        }
    }

    void verdict(Outcome its, String text) {
        outcome = its;
        account = text;
    }

    @Nullable
    Outcome outcome() {
        return outcome;
    }

    /** Returns what the node said about its outcome: a stack trace or a reason. */
    String account() {
        return account;
    }

    void expectEnd() {
        endExpected = true;
    }

    boolean isEndExpected() {
        return endExpected;
    }

    void ended(int code) {
        exitCode = OptionalInt.of(code);
    }

    /** Returns the exit code once the end of the process was reported. */
    OptionalInt exitCode() {
        return exitCode;
    }

    boolean hasEnded() {
        return exitCode.isPresent();
    }

    /** Returns whether nothing more is to come: a verdict, or the end of the process. */
    boolean isSettled() {
        if (hasEnded() || outcome == Outcome.FAILED || outcome == Outcome.CANCELED) {
            return true;
        }
        return outcome != null && !endExpected;
    }

    void kill() {
        process.destroyForcibly();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the JVM for a thread dump, which appears in its output. Only where there are POSIX signals. */
    void requestThreadDump() {
        try {
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(2, TimeUnit.SECONDS);
        } catch (IOException noSignals) {
            dumped.countDown();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the thread dump is in the log, or the time is over. */
    void awaitThreadDump(long limitNanos) throws InterruptedException {
        var unused = dumped.await(limitNanos, TimeUnit.NANOSECONDS);
    }

    /** Waits for the process and the last of its output. */
    boolean awaitEnd(long limitNanos) throws InterruptedException {
        boolean gone = process.waitFor(limitNanos, TimeUnit.NANOSECONDS);
        if (gone) {
            pump.join(TimeUnit.SECONDS.toMillis(2));
        }
        return gone;
    }

    private void pump() {
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                Writer file = Files.newBufferedWriter(log)) {
            for (String line = nextOf(lines); line != null; line = nextOf(lines)) {
                file.write(line);
                file.write('\n');
                file.flush();
                System.out.println("[" + name + "] " + line);
                if (line.startsWith(END_OF_DUMP)) {
                    dumped.countDown();
                }
            }
        } catch (IOException e) {
            System.out.println("[" + name + "] its output cannot be written to " + log + ": " + e);
        }
    }

    /** Returns the next line; null at the end, which for a process that was killed may also be a broken pipe. */
    private static @Nullable String nextOf(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException killed) {
            return null;
        }
    }
}
