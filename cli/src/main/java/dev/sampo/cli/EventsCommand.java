package dev.sampo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sampo.HttpApi;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "events",
        description = "Prints what happened to a job, or to all jobs and nodes, as far as the cluster remembers it.",
        footer = {
            "",
            "With --json: one object a line, {sequence, at, type, warning, message} and what the type has beside."
        })
final class EventsCommand extends ClusterCommand {
    /** A stream that is silent for so long has told all it knows. */
    private static final long SILENCE_MILLIS = 1_000;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "The id of a job; all events without it")
    private @Nullable String id;

    @Option(names = "--follow", description = "Go on with those to come, until Ctrl-C or the end of the job")
    private boolean follow;

    private String lastId = "";

    @Override
    void run(HttpApi api, PrintStream out) throws IOException, InterruptedException {
        String path = id == null ? "/v1/events?after=0" : "/v1/jobs/" + quoted(id) + "/events";
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sampo-silence");
            thread.setDaemon(true);
            return thread;
        });
        try {
            boolean ended = false;
            while (!ended) {
                Map<String, String> headers = lastId.isEmpty()
                        ? Map.of("Accept", "text/event-stream")
                        : Map.of("Accept", "text/event-stream", "Last-Event-ID", lastId);
                ended = print(api.open(path, headers), timer, out);
                if (!ended) {
                    TimeUnit.SECONDS.sleep(1); // the seed went away: on from the last event
                }
            }
        } finally {
            timer.shutdownNow();
        }
    }

    /** Prints the events of one connection. Returns whether there is nothing more to come. */
    private boolean print(InputStream stream, ScheduledExecutorService timer, PrintStream out) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            StringBuilder data = new StringBuilder();
            for (String line = next(lines, stream, timer); line != null; line = next(lines, stream, timer)) {
                if (line.startsWith("data:")) {
                    data.append(line.substring("data:".length()).strip());
                } else if (line.startsWith("id:")) {
                    lastId = line.substring("id:".length()).strip();
                } else if (line.isEmpty() && data.length() > 0) {
                    show(data.toString(), out);
                    data.setLength(0);
                }
            }
            return id != null || !follow;
        } catch (IOException e) {
            return !follow; // closed for its silence, or broken
        }
    }

    private @Nullable String next(BufferedReader lines, InputStream stream, ScheduledExecutorService timer)
            throws IOException {
        if (follow) {
            return lines.readLine();
        }
        ScheduledFuture<?> limit = timer.schedule(
                () -> {
                    stream.close();
                    return null;
                },
                SILENCE_MILLIS,
                TimeUnit.MILLISECONDS);
        try {
            return lines.readLine();
        } finally {
            limit.cancel(false);
        }
    }

    private void show(String data, PrintStream out) {
        if (isJson()) {
            out.println(data);
        } else {
            JsonNode event = read(data, "events");
            out.println(event.path("at").asText() + "  "
                    + (event.path("warning").asBoolean() ? "! " : "  ")
                    + event.path("type").asText() + "  " + event.path("message").asText());
        }
        out.flush();
    }
}
