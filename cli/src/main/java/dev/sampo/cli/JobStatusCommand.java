package dev.sampo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sampo.HttpApi;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "job",
        description = "Shows all that a cluster knows of a job.",
        footer = {
            "",
            "With --json: what 'jobs' says of it, and stages: [{name, total, done, running}],",
            "counters: {stages: [...], user: {}}, failure?: {code, message, stackTrace},",
            "result?: {parts: [{name, records, bytes, digest}], durationMillis}, waiting?: why nothing of it runs."
        })
final class JobStatusCommand extends ClusterCommand {
    @Parameters(paramLabel = "ID", description = "The id of the job")
    private String id = "";

    @Override
    void run(HttpApi api, PrintStream out) throws InterruptedException {
        JsonNode job = get(api, "/v1/jobs/" + quoted(id));
        if (isJson()) {
            out.println(job);
            return;
        }
        for (String field : List.of(
                "id", "name", "state", "waiting", "queue", "priority", "submitted", "started", "ended", "output")) {
            print(out, field, job.path(field).asText(""));
        }
        JsonNode failure = job.path("failure");
        print(out, "failure", failure.path("code").asText(""));
        print(out, "", failure.path("message").asText(""));
        print(out, "parts", job.path("result").path("parts").isArray() ? sizes(job) : "");
        TextTable table = new TextTable("STAGE", "TASKS", "DONE", "RUNNING");
        for (JsonNode stage : job.path("stages")) {
            table.row(
                    stage.path("name").asText(),
                    stage.path("total").asText(),
                    stage.path("done").asText(),
                    stage.path("running").asText());
        }
        table.print(out);
        job.path("counters")
                .path("user")
                .properties()
                .forEach(counter ->
                        out.println(counter.getKey() + ": " + counter.getValue().asText()));
    }

    private static String sizes(JsonNode job) {
        long records = 0;
        long bytes = 0;
        JsonNode parts = job.path("result").path("parts");
        for (JsonNode part : parts) {
            records += part.path("records").asLong();
            bytes += part.path("bytes").asLong();
        }
        return parts.size() + ", " + records + " records, " + bytes + " bytes";
    }

    private static void print(PrintStream out, String field, String value) {
        if (!value.isEmpty() && !value.equals("null")) {
            out.println((field.isEmpty() ? "" : field + ":") + " ".repeat(11 - Math.min(10, field.length())) + value);
        }
    }
}
