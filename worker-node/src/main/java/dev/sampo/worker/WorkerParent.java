package dev.sampo.worker;

import dev.sampo.internal.runtime.NodeProgram;
import dev.sampo.internal.runtime.NodeReport;
import dev.sampo.internal.runtime.ParentLink;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a worker node running. A node that was killed, crashed or was downed is started again, on the port it had; one
 * that was told to end, has wrong settings, or never became a member is not. The node ends when this process does: it
 * reads a pipe that only this process holds open.
 */
final class WorkerParent {
    /** Exit codes of a JVM that was ended by SIGINT or SIGTERM, which it has obeyed. */
    private static final Set<Integer> BY_SIGNAL = Set.of(130, 143);

    private final List<String> command;
    private final List<String> arguments;
    private final PrintStream err;
    private final LongSupplier nanos;
    private final Deaths deaths;
    private final BackOff backOff = new BackOff();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Process node;

    /** Is told of each death of a node that a coordinator knows. Returns at once. */
    interface Deaths {
        void tell(NodeReport last, String why);
    }

    /**
     * Makes a parent.
     *
     * @param command starts the node's JVM, up to its main class
     * @param arguments what the operator said
     * @param err where it says what it does
     * @param nanos a monotonic reading
     * @param deaths tells the cluster of a death
     */
    WorkerParent(List<String> command, List<String> arguments, PrintStream err, LongSupplier nanos, Deaths deaths) {
        this.command = List.copyOf(command);
        this.arguments = List.copyOf(arguments);
        this.err = err;
        this.nanos = nanos;
        this.deaths = deaths;
    }

    /**
     * Runs the node until it is to run no more, and returns the exit code for this process. Blocks.
     *
     * @param file where the node leaves its report
     */
    int run(Path file) throws IOException, InterruptedException {
        boolean wasMember = false;
        int port = 0;
        while (true) {
            Files.deleteIfExists(file);
            long started = nanos.getAsLong();
            Process life = start(file, port);
            if (life == null) {
                return NodeProgram.OK;
            }
            int code = life.waitFor();
            Duration lived = Duration.ofNanos(nanos.getAsLong() - started);
            NodeReport report = NodeReport.read(file);
            if (report != null) {
                wasMember = true;
                port = report.port();
            }
            if (stopped.getCount() == 0 || isFinal(code, wasMember)) {
                return code;
            }
            if (report != null && !report.seedData().isEmpty()) {
                deaths.tell(report, "exit code " + code);
            }
            Duration wait = backOff.after(lived);
            say("the node" + (report == null ? "" : " at " + report.address()) + " died with exit code " + code
                    + (wait.isZero() ? "; starts it again" : "; starts it again in " + wait.toSeconds() + " s"));
            if (stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                return NodeProgram.OK;
            }
        }
    }

    private static boolean isFinal(int code, boolean wasMember) {
        return code == NodeProgram.OK
                || code == NodeProgram.BAD_CONFIGURATION
                || (code == NodeProgram.COULD_NOT_JOIN && !wasMember)
                || BY_SIGNAL.contains(code);
    }

    /** Starts a life of the node; none when this process is to end. */
    private synchronized @Nullable Process start(Path report, int port) throws IOException {
        if (stopped.getCount() == 0) {
            return null;
        }
        List<String> life = new ArrayList<>(command);
        life.add(ParentLink.REPORT_OPTION + "=" + report);
        if (port != 0) {
            life.add(ParentLink.PORT_OPTION + "=" + port);
        }
        life.addAll(arguments);
        Process process = new ProcessBuilder(life)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        node = process;
        return process;
    }

    /** Ends the node in order, and then this: called when the process is told to end. Blocks until the node has ended. */
    void stop() {
        Process last;
        synchronized (this) {
            stopped.countDown();
            last = node;
        }
        if (last != null) {
            last.destroy();
            try {
                last.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void say(String what) {
        err.println("sampo worker: " + what);
    }
}
