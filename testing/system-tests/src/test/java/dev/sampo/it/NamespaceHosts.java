package dev.sampo.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Several hosts on one machine: a network namespace with an address each, tied by a bridge in a namespace of its own, so
 * that nothing can leave and nothing works by sharing loopback. Linux, and root, only.
 */
final class NamespaceHosts implements AutoCloseable {
    private static final long COMMAND_SECONDS = 20;

    private final String prefix;
    private final Map<String, String> addresses = new LinkedHashMap<>();

    private NamespaceHosts(String prefix) {
        this.prefix = prefix;
    }

    /** Returns whether this machine lets us make namespaces. */
    static boolean areAvailable() {
        try {
            return "root".equals(System.getProperty("user.name"))
                    && new ProcessBuilder("ip", "-V").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Makes the hosts. Their names are at most 4 characters, for they become names of network devices. */
    static NamespaceHosts of(String... names) throws IOException {
        NamespaceHosts hosts = new NamespaceHosts("s" + ProcessHandle.current().pid());
        try {
            hosts.make(names);
        } catch (IOException e) {
            hosts.close();
            throw e;
        }
        return hosts;
    }

    private void make(String... names) throws IOException {
        String network = network("switch");
        addresses.put("switch", "");
        command("ip", "netns", "add", network);
        command("ip", "-n", network, "link", "add", "br0", "type", "bridge");
        command("ip", "-n", network, "link", "set", "br0", "up");
        for (String name : names) {
            String host = network(name);
            String address = "10.77.0." + (9 + addresses.size());
            addresses.put(name, address);
            command("ip", "netns", "add", host);
            command(
                    "ip",
                    "-n",
                    network,
                    "link",
                    "add",
                    "v" + name,
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "eth0",
                    "netns",
                    host);
            command("ip", "-n", network, "link", "set", "v" + name, "master", "br0");
            command("ip", "-n", network, "link", "set", "v" + name, "up");
            command("ip", "-n", host, "addr", "add", address + "/24", "dev", "eth0");
            command("ip", "-n", host, "link", "set", "eth0", "up");
            command("ip", "-n", host, "link", "set", "lo", "up");
        }
    }

    private String network(String name) {
        return prefix + "-" + name;
    }

    /** Returns the address of a host. */
    String address(String host) {
        String address = addresses.get(host);
        if (address == null) {
            throw new IllegalArgumentException("host " + host + "; expected one of " + addresses.keySet());
        }
        return address;
    }

    /** Takes a host off the network: packets from and to it get lost, as behind a broken switch. */
    void cut(String host) throws IOException {
        command("ip", "-n", network("switch"), "link", "set", "v" + host, "down");
    }

    /** Returns the command that runs another on a host. */
    List<String> on(String host, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", network(host)));
        all.addAll(command);
        return all;
    }

    /** Returns the command that runs another where the traffic of all hosts passes by, on the interface {@code br0}. */
    List<String> onSwitch(List<String> command) {
        return on("switch", command);
    }

    /**
     * Returns the command that runs another with a disk of its own.
     *
     * @param disk a folder, empty there at first, that no other process sees the same files in
     * @param size what it holds, as mount has it, such as 16m
     */
    static List<String> withOwnDisk(Path disk, String size, List<String> command) {
        List<String> all = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=\"$1\" tmpfs \"$0\" && shift && exec \"$@\"",
                disk.toString(),
                size));
        all.addAll(command);
        return all;
    }

    private static void command(String... command) throws IOException {
        Path output = Files.createTempFile("command", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + ": no end within " + COMMAND_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        String.join(" ", command) + ": " + Files.readString(output, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + ": interrupted", e);
        } finally {
            Files.delete(output);
        }
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (String name : List.copyOf(addresses.keySet())) {
            try {
                command("ip", "netns", "del", network(name));
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        addresses.clear();
        if (first != null) {
            throw first;
        }
    }
}
