package dev.sampo.deploy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The hosts that containers run on: a network namespace with an address each, tied by a bridge in a namespace of its own,
 * so that nothing leaves the machine. Their names have the process in them, so that those of a test that was killed are
 * known, and removed by the next.
 */
final class ContainerHosts implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String PREFIX = "sampoc";
    private static final String SWITCH = "0";
    private static final int FIRST = 10;

    private final String process;
    private final List<String> names = new ArrayList<>();

    /** Makes some hosts, which are counted from 1. Only root may. */
    ContainerHosts(int hosts) throws IOException {
        this.process = PREFIX + ProcessHandle.current().pid() + "-";
        removeAbandoned();
        try {
            add(SWITCH);
            ip("-n", process + SWITCH, "link", "add", "br0", "type", "bridge");
            ip("-n", process + SWITCH, "link", "set", "br0", "up");
            for (int host = 1; host <= hosts; host++) {
                String port = "v" + host;
                add("" + host);
                ip(
                        "-n",
                        process + SWITCH,
                        "link",
                        "add",
                        port,
                        "type",
                        "veth",
                        "peer",
                        "name",
                        "eth0",
                        "netns",
                        on(host));
                ip("-n", process + SWITCH, "link", "set", port, "master", "br0");
                ip("-n", process + SWITCH, "link", "set", port, "up");
                ip("-n", on(host), "addr", "add", address(host) + "/24", "dev", "eth0");
                ip("-n", on(host), "link", "set", "eth0", "up");
                ip("-n", on(host), "link", "set", "lo", "up");
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Returns the namespace of a host. */
    String on(int host) {
        return process + host;
    }

    String address(int host) {
        return "10.78.0." + (FIRST + host);
    }

    private void add(String name) throws IOException {
        ip("netns", "add", process + name);
        names.add(process + name);
    }

    private static void removeAbandoned() throws IOException {
        for (String line : ip("netns", "list").split("\n")) {
            String name = line.split(" ")[0];
            if (name.matches(PREFIX + "\\d+-\\d+")) {
                long pid = Long.parseLong(name.substring(PREFIX.length(), name.indexOf('-')));
                if (ProcessHandle.of(pid).isEmpty()) {
                    ip("netns", "del", name);
                }
            }
        }
    }

    private static String ip(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("ip"));
        words.addAll(List.of(arguments));
        return Command.of(words).check(LIMIT, Map.of());
    }

    @Override
    public void close() throws IOException {
        for (String name : List.copyOf(names)) {
            ip("netns", "del", name);
            names.remove(name);
        }
    }
}
