package dev.sampo.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sampo.HttpApi;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "drain",
        description = "Asks a worker to take no more tasks, end those it has, and leave.",
        footer = {"", "With --json: {address, draining: true}."})
final class DrainCommand extends ClusterCommand {
    @Parameters(paramLabel = "ADDRESS", description = "The address of the node, HOST:PORT, as 'sampo nodes' shows it")
    private String address = "";

    @Override
    void run(HttpApi api, PrintStream out) throws InterruptedException {
        api.post("/v1/nodes/" + quoted(address) + "/drain", "{}");
        if (isJson()) {
            out.println(new ObjectMapper()
                    .createObjectNode()
                    .put("address", address)
                    .put("draining", true));
        } else {
            out.println("node " + address + " is asked to leave");
        }
    }
}
