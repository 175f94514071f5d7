package dev.sampo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sampo.HttpApi;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "jobs",
        description = "Lists the jobs of a cluster, the newest first.",
        footer = {
            "",
            "With --json: {\"jobs\": [{id, name, queue, priority, state, submitted, started?, ended?, output,",
            "tasks: {total, done, running}}]}; times in ISO 8601, output empty for a collected result."
        })
final class JobsCommand extends ClusterCommand {
    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only jobs in this state, or in these, parted by commas: queued, planning, running,"
                    + " committing, stopping, succeeded, failed, canceled")
    private @Nullable String state;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = PartsOptions.AtLeastOne.class,
            description = "At most so many (default: 100)")
    private int limit = 100;

    @Override
    void run(HttpApi api, PrintStream out) throws InterruptedException {
        String path = "/v1/jobs?limit=" + limit + (state == null ? "" : "&state=" + quoted(state));
        JsonNode answer = get(api, path);
        if (isJson()) {
            out.println(answer);
            return;
        }
        TextTable table = new TextTable("ID", "NAME", "STATE", "QUEUE", "PRIORITY", "DONE", "RUNNING", "SUBMITTED");
        for (JsonNode job : answer.path("jobs")) {
            JsonNode tasks = job.path("tasks");
            table.row(
                    job.path("id").asText(),
                    job.path("name").asText(),
                    job.path("state").asText(),
                    job.path("queue").asText(),
                    job.path("priority").asText(),
                    tasks.path("done").asText("0") + "/" + tasks.path("total").asText("0"),
                    tasks.path("running").asText("0"),
                    job.path("submitted").asText());
        }
        table.print(out);
    }
}
