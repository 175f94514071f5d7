package dev.sampo.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Containers of one image on hosts of their own, hardened as compose and Kubernetes run them. They and the hosts are gone
 * when this is closed, or its process ends; what a killed process left is removed by the next one.
 */
final class Containers implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String LABEL = "dev.sampo.test-process";

    /** podman, run by runc: crun refuses machines with both kinds of control groups. */
    static final List<String> ENGINE = List.of("podman", "--runtime", "runc");

    /** Less than a machine without the right to raise limits has. */
    static final List<String> LIMITS = List.of("--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096");

    private static final List<String> HARDENED = List.of(
            "--read-only",
            "--tmpfs",
            "/tmp",
            "--cap-drop",
            "all",
            "--security-opt",
            "no-new-privileges",
            "--pids-limit",
            "500");

    private final String image;
    private final ContainerHosts hosts;
    private final List<String> mounts;
    private final String process = Long.toString(ProcessHandle.current().pid());
    private final Thread atTheEnd = new Thread(this::remove, "remove-containers");

    /**
     * Starts nothing yet.
     *
     * @param mounts what all containers see, each as {@code from:to:options}
     */
    Containers(String image, int hosts, String... mounts) throws IOException {
        this.image = image;
        this.mounts = List.of(mounts);
        removeAbandoned();
        this.hosts = new ContainerHosts(hosts);
        Runtime.getRuntime().addShutdownHook(atTheEnd);
    }

    String address(int host) {
        return hosts.address(host);
    }

    /** Returns the network namespace of a host. */
    String namespace(int host) {
        return hosts.on(host);
    }

    /** Starts a container that stays, and returns its id. */
    String start(int host, String... arguments) throws IOException {
        return podman(run(host, List.of("-d"), arguments)).strip();
    }

    /** Runs a container to its end, which has to be a good one, and returns what it said. */
    String call(int host, String... arguments) throws IOException {
        return podman(run(host, List.of("--rm"), arguments));
    }

    /** Runs the JVM of the image so that it ends with an error unless it takes the class data archive. */
    void requireClassData(int host) throws IOException {
        podman(run(
                host,
                List.of(
                        "--rm",
                        "--entrypoint",
                        "[\"/opt/sampo/jre/bin/java\",\"-Xshare:on\",\"@/opt/sampo/java.args\"]"),
                "--version"));
    }

    /** As {@code podman stop}: SIGTERM, and returns when the container has ended. */
    void stop(String container) throws IOException {
        podman(List.of("stop", "-t", "40", container));
    }

    String log(String container) throws IOException {
        return podman(List.of("logs", container));
    }

    int exitCode(String container) throws IOException {
        return Integer.parseInt(podman(List.of("inspect", "--format", "{{.State.ExitCode}}", container))
                .strip());
    }

    private List<String> run(int host, List<String> how, String... arguments) {
        List<String> words = new ArrayList<>(List.of("run"));
        words.addAll(how);
        words.addAll(List.of("--label", LABEL + "=" + process, "--network", "ns:/run/netns/" + hosts.on(host)));
        words.addAll(HARDENED);
        words.addAll(LIMITS);
        mounts.forEach(mount -> words.addAll(List.of("-v", mount)));
        words.add(image);
        words.addAll(List.of(arguments));
        return words;
    }

    private static String podman(List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(ENGINE);
        words.addAll(arguments);
        return Command.of(words).check(LIMIT, Map.of());
    }

    private static void removeAbandoned() throws IOException {
        for (String line : podman(List.of(
                        "ps",
                        "-a",
                        "--filter",
                        "label=" + LABEL,
                        "--format",
                        "{{.ID}} {{index .Labels \"" + LABEL + "\"}}"))
                .split("\n")) {
            String[] fields = line.strip().split(" ");
            if (fields.length == 2
                    && ProcessHandle.of(Long.parseLong(fields[1])).isEmpty()) {
                podman(List.of("rm", "-f", "-v", "-t", "0", fields[0]));
            }
        }
    }

    private void remove() {
        try {
            List<String> mine = new ArrayList<>();
            for (String id : podman(List.of("ps", "-aq", "--filter", "label=" + LABEL + "=" + process))
                    .split("\n")) {
                if (!id.isBlank()) {
                    mine.add(id.strip());
                }
            }
            if (!mine.isEmpty()) {
                List<String> remove = new ArrayList<>(List.of("rm", "-f", "-v", "-t", "0"));
                remove.addAll(mine);
                podman(remove);
            }
            hosts.close();
        } catch (IOException e) {
            throw new UncheckedIOException("containers of process " + process + " are left", e);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atTheEnd);
        remove();
    }
}
