package dev.sampo.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sampo.HttpApi;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description = "Asks a cluster to cancel a job; one that has ended stays as it is.",
        footer = {"", "With --json: {id, canceling: true}."})
final class CancelCommand extends ClusterCommand {
    @Parameters(paramLabel = "ID", description = "The id of the job")
    private String id = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who wonder")
    private @Nullable String reason;

    @Override
    void run(HttpApi api, PrintStream out) throws InterruptedException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode body = mapper.createObjectNode();
        if (reason != null) {
            body.put("reason", reason);
        }
        api.post("/v1/jobs/" + quoted(id) + "/cancel", body.toString());
        if (isJson()) {
            out.println(mapper.createObjectNode().put("id", id).put("canceling", true));
        } else {
            out.println("job " + id + " is asked to stop");
        }
    }
}
