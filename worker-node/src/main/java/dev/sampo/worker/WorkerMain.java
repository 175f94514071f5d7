package dev.sampo.worker;

import dev.sampo.internal.runtime.NodeEndNotice;
import dev.sampo.internal.runtime.NodeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program that an operator starts: a small process that starts the worker node in a JVM of its own, and starts it
 * again when that dies. It takes the node's options and hands them on as they are. The node's JVM takes options from the
 * system property {@value #JVM_OPTIONS}, one a line, or else from the environment variable {@value #JVM_ENVIRONMENT},
 * parted by blanks.
 */
public final class WorkerMain {
    static final String JVM_OPTIONS = "sampo.worker.jvm-options";
    static final String JVM_ENVIRONMENT = "SAMPO_JAVA_OPTS";

    private WorkerMain() {}

    /** Runs the node until it is to run no more, and ends with its exit code. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> options = List.of(arguments);
        WorkerParent parent = new WorkerParent(
                command(), options, System.err, System::nanoTime, (last, why) -> tell(options, last, why));
        Path directory = Files.createTempDirectory("sampo-worker-");
        Path report = directory.resolve("report");
        Thread stop = new Thread(
                () -> {
                    parent.stop();
                    delete(report, directory);
                },
                "sampo-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        System.exit(parent.run(report));
    }

    /** On a thread of its own, so that the next life need not wait. Only now what reads settings and talks is loaded. */
    private static void tell(List<String> options, NodeReport last, String why) {
        Thread thread = new Thread(
                () -> {
                    try {
                        NodeEndNotice.send(WorkerNode.settings(options), last, why);
                    } catch (IOException | RuntimeException e) {
                        System.err.println("sampo worker: the seed could not be told: " + e.getMessage());
                    }
                },
                "sampo-notice");
        thread.setDaemon(true);
        thread.start();
    }

    private static void delete(Path... paths) {
        try {
            for (Path path : paths) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("sampo worker: " + e);
        }
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("dev.sampo.worker.WorkerNode");
        return command;
    }

    private static List<String> jvmOptions() {
        String lines = System.getProperty(JVM_OPTIONS);
        if (lines != null) {
            return lines.lines().filter(line -> !line.isEmpty()).toList();
        }
        String blanks = System.getenv(JVM_ENVIRONMENT);
        return blanks == null || blanks.isBlank()
                ? List.of()
                : Arrays.asList(blanks.strip().split("\\s+"));
    }
}
