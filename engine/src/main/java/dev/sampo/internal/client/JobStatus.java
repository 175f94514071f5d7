package dev.sampo.internal.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sampo.api.Counters;
import dev.sampo.api.JobProgress;
import dev.sampo.api.JobState;
import dev.sampo.api.OutputPart;
import dev.sampo.api.StageCounters;
import dev.sampo.internal.model.DataAddress;
import dev.sampo.internal.model.JobId;
import dev.sampo.internal.protocol.ClientProtocol;
import dev.sampo.spi.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a seed says of a job, read from its JSON. Fields of a later build are passed over; those that miss are as if
 * nothing were counted yet.
 *
 * @param news what a tracker is told
 * @param output where the job writes to; empty when the cluster holds its result
 * @param collected whether its result is records for whoever asks
 */
record JobStatus(ClientProtocol.Wire news, String output, boolean collected) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads the JSON of a job.
     *
     * @throws IOException when it is none
     */
    static JobStatus read(JobId job, byte[] body) throws IOException {
        JsonNode tree = JSON.readTree(body);
        JobState state = tree == null ? null : state(tree.path("state").asText(""));
        if (tree == null || state == null) {
            throw new IOException("an answer without the state of job " + job);
        }
        JobProgress progress = new JobProgress(state, stages(tree.path("stages")));
        Counters counters = counters(tree.path("counters"));
        // the duration is that of the job as its coordinator knows it: without it nobody else's clock is put in its
        // place
        if (state == JobState.SUCCEEDED
                && !tree.path("result").path("durationMillis").isIntegralNumber()) {
            throw new IOException("an answer that job " + job + " has succeeded, without its result and duration");
        }
        ClientProtocol.Wire news = switch (state) {
            case SUCCEEDED ->
                new ClientProtocol.JobSucceeded(
                        job,
                        parts(tree.path("result").path("parts")),
                        DataAddress.NONE,
                        progress,
                        counters,
                        tree.path("result").path("durationMillis").asLong());
            case FAILED, CANCELED -> failure(job, state, tree.path("failure"), progress, counters);
            default -> new ClientProtocol.JobProgressed(job, progress, counters);
        };
        String output = tree.path("output").asText("");
        return new JobStatus(news, output, tree.path("collected").asBoolean(output.isEmpty()));
    }

    private static @Nullable JobState state(String name) {
        String upper = name.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(JobState.values())
                .filter(state -> state.name().equals(upper))
                .findFirst()
                .orElse(null);
    }

    private static List<JobProgress.Stage> stages(JsonNode nodes) {
        List<JobProgress.Stage> stages = new ArrayList<>();
        for (JsonNode stage : nodes) {
            stages.add(new JobProgress.Stage(
                    stage.path("name").asText(),
                    stage.path("total").asInt(),
                    stage.path("done").asInt(),
                    stage.path("running").asInt()));
        }
        return stages;
    }

    private static Counters counters(JsonNode node) {
        List<StageCounters> stages = new ArrayList<>();
        for (JsonNode stage : node.path("stages")) {
            stages.add(new StageCounters(
                    stage.path("stage").asText(),
                    stage.path("tasks").asInt(),
                    stage.path("attempts").asInt(),
                    stage.path("failedAttempts").asInt(),
                    stage.path("recordsIn").asLong(),
                    stage.path("bytesIn").asLong(),
                    stage.path("recordsOut").asLong(),
                    stage.path("bytesOut").asLong(),
                    stage.path("combined").asLong(),
                    stage.path("spills").asLong(),
                    stage.path("spilledBytes").asLong(),
                    stage.path("skipped").asLong(),
                    stage.path("launchedHome").asInt(),
                    stage.path("launchedNear").asInt(),
                    stage.path("launchedFar").asInt(),
                    stage.path("speculative").asInt(),
                    stage.path("speculativeWon").asInt()));
        }
        TreeMap<String, Long> user = new TreeMap<>();
        node.path("user")
                .properties()
                .forEach(entry -> user.put(entry.getKey(), entry.getValue().asLong()));
        return new Counters(stages, user);
    }

    private static List<OutputPart> parts(JsonNode nodes) {
        List<OutputPart> parts = new ArrayList<>();
        for (JsonNode part : nodes) {
            parts.add(new OutputPart(
                    part.path("name").asText(),
                    part.path("records").asLong(),
                    part.path("bytes").asLong(),
                    part.path("digest").asText("")));
        }
        return parts;
    }

    private static ClientProtocol.Wire failure(
            JobId job, JobState state, JsonNode failure, JobProgress progress, Counters counters) {
        ErrorCode otherwise = state == JobState.CANCELED ? ErrorCode.JOB_CANCELED : ErrorCode.INTERNAL;
        String message = failure.path("message").asText("the cluster does not say why it ended");
        String named = "job " + job + ": ";
        return new ClientProtocol.JobFailed(
                job,
                SeedProblem.code(failure.path("code").asText("")).orElse(otherwise),
                message.startsWith(named) ? message.substring(named.length()) : message,
                failure.path("stackTrace").asText(""),
                progress,
                counters);
    }
}
