package dev.sampo.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds the command line of a node's JVM. Its arguments are in a file: a class path may be longer than a command. */
final class NodeCommand {
    /** Enough for a node of a small cluster, and a start that two cores can give four JVMs at once. */
    private static final List<String> JVM_ARGUMENTS =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    /** Settings of the parent that hold for its nodes too. */
    private static final List<String> INHERITED = List.of("sampo.", "java.util.logging.", "logback.", "user.language");

    private final RunPlan plan;
    private final RunAddress address;
    private final NodeOptions.Control control;

    NodeCommand(RunPlan plan, RunAddress address, NodeOptions.Control control) {
        this.plan = plan;
        this.address = address;
        this.control = control;
    }

    /** Returns the builder of the process of a node; it has no environment of its own, and one output. */
    ProcessBuilder of(String node) throws IOException {
        List<String> arguments = new ArrayList<>(JVM_ARGUMENTS);
        if (!node.equals(RunPlan.CONDUCTOR)) {
            arguments.addAll(plan.jvmArguments());
        }
        properties(node).forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        arguments.add("-cp");
        arguments.add(classPath());
        arguments.add(NodeMain.class.getName());
        Path file = plan.directory().resolve(node + ".args");
        Files.write(file, arguments.stream().map(NodeCommand::quoted).toList(), StandardCharsets.UTF_8);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "@" + file.toAbsolutePath()).redirectErrorStream(true);
    }

    private Map<String, String> properties(String node) {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> INHERITED.stream().anyMatch(name::startsWith))
                .forEach(name -> properties.put(name, System.getProperty(name)));
        properties.put("multinode.max-nodes", Integer.toString(plan.nodes().size()));
        properties.put("multinode.index", Integer.toString(plan.nodes().indexOf(node)));
        properties.put("multinode.host", address.host());
        properties.put("multinode.port", "0");
        properties.put("multinode.server-host", address.host());
        properties.put("multinode.server-port", Integer.toString(address.port()));
        properties.putAll(new NodeOptions(
                        node,
                        plan.roles(),
                        plan.uniqueId(),
                        plan.config(),
                        plan.directory().toAbsolutePath(),
                        control)
                .toProperties());
        return properties;
    }

    /** Surefire and Failsafe put a jar with nothing but a manifest on the class path; what they hide is in a property. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static String quoted(String argument) {
        return '"'
                + argument.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }
}
