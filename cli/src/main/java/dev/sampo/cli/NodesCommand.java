package dev.sampo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sampo.HttpApi;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "nodes",
        description = "Lists the nodes of a cluster.",
        footer = {
            "",
            "With --json: {\"nodes\": [{id, address, roles: [], state, slots, memory, weight, labels: {},",
            "running: [attempts]}]}; state is one of joining, weakly-up, up, leaving, draining, unreachable, down;",
            "memory in bytes."
        })
final class NodesCommand extends ClusterCommand {
    @Override
    void run(HttpApi api, PrintStream out) throws InterruptedException {
        JsonNode answer = get(api, "/v1/nodes");
        if (isJson()) {
            out.println(answer);
            return;
        }
        TextTable table =
                new TextTable("ID", "ADDRESS", "ROLES", "STATE", "SLOTS", "MEMORY", "WEIGHT", "LABELS", "RUNNING");
        for (JsonNode node : answer.path("nodes")) {
            List<String> roles = new ArrayList<>();
            node.path("roles").forEach(role -> roles.add(role.asText()));
            List<String> labels = new ArrayList<>();
            node.path("labels")
                    .properties()
                    .forEach(label ->
                            labels.add(label.getKey() + "=" + label.getValue().asText()));
            table.row(
                    node.path("id").asText(),
                    node.path("address").asText(),
                    String.join(",", roles),
                    node.path("state").asText(),
                    node.path("slots").asText("0"),
                    node.path("memory").asText("0"),
                    node.path("weight").asText("0"),
                    labels.isEmpty() ? "-" : String.join(",", labels),
                    Integer.toString(node.path("running").size()));
        }
        table.print(out);
    }
}
