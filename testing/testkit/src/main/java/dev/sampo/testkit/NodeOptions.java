package dev.sampo.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a forked node is told at its start, by system properties.
 *
 * @param node its role, or the conductor's name
 * @param roles all roles, without the conductor
 * @param uniqueId the test's id in the JUnit platform
 * @param config the user's HOCON
 * @param directory the directory of the run
 * @param control how to reach the parent
 */
record NodeOptions(String node, List<String> roles, String uniqueId, String config, Path directory, Control control) {
    private static final String PREFIX = "sampo.testkit.node.";

    /**
     * How a node reaches the parent.
     *
     * @param host the address
     * @param port the port
     * @param token proves that the node is one of this run
     */
    record Control(String host, int port, String token) {}

    NodeOptions {
        roles = List.copyOf(roles);
    }

    /** Returns whether this JVM is a forked node. */
    static boolean present() {
        return System.getProperty(PREFIX + "name") != null;
    }

    Map<String, String> toProperties() {
        return Map.of(
                PREFIX + "name", node,
                PREFIX + "roles", String.join(",", roles),
                PREFIX + "test", uniqueId,
                PREFIX + "config", config,
                PREFIX + "directory", directory.toString(),
                PREFIX + "control.host", control.host(),
                PREFIX + "control.port", Integer.toString(control.port()),
                PREFIX + "control.token", control.token());
    }

    static NodeOptions fromProperties() {
        return new NodeOptions(
                property("name"),
                List.of(property("roles").split(",")),
                property("test"),
                property("config"),
                Path.of(property("directory")),
                new Control(
                        property("control.host"),
                        Integer.parseInt(property("control.port")),
                        property("control.token")));
    }

    boolean isConductor() {
        return node.equals(RunPlan.CONDUCTOR);
    }

    private static String property(String name) {
        String value = System.getProperty(PREFIX + name);
        if (value == null) {
            throw new IllegalStateException(
                    "system property " + PREFIX + name + " is missing; expected to be started by a multi-node test");
        }
        return value;
    }
}
