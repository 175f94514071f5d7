package dev.sampo.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.sampo.api.Counters;
import dev.sampo.api.JobResult;
import dev.sampo.api.JobState;
import dev.sampo.api.OutputPart;
import dev.sampo.api.Pair;
import dev.sampo.api.StageCounters;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Reports the end of a job as one JSON object on one line, for machines. */
final class JsonReport {
    private JsonReport() {}

    /** Reports a job that succeeded. */
    static void success(OutputStream out, String name, String output, JobResult<?, ?> result, boolean collected)
            throws IOException {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeStringField("id", result.jobId());
            json.writeStringField("name", name);
            json.writeStringField("state", JobState.SUCCEEDED.name());
            json.writeNumberField("durationMillis", result.duration().toMillis());
            if (!output.isEmpty()) {
                json.writeStringField("output", output);
            }
            json.writeArrayFieldStart("parts");
            for (OutputPart part : result.parts()) {
                json.writeStartObject();
                json.writeStringField("name", part.name());
                json.writeNumberField("records", part.records());
                json.writeNumberField("bytes", part.bytes());
                json.writeStringField("digest", part.digest());
                json.writeEndObject();
            }
            json.writeEndArray();
            counters(json, result.counters());
            if (collected) {
                records(json, result);
            }
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static void counters(JsonGenerator json, Counters counters) throws IOException {
        json.writeObjectFieldStart("counters");
        json.writeArrayFieldStart("stages");
        for (StageCounters stage : counters.stages()) {
            json.writeStartObject();
            json.writeStringField("stage", stage.stage());
            json.writeNumberField("tasks", stage.tasks());
            json.writeNumberField("attempts", stage.attempts());
            json.writeNumberField("failedAttempts", stage.failedAttempts());
            json.writeNumberField("recordsIn", stage.recordsIn());
            json.writeNumberField("bytesIn", stage.bytesIn());
            json.writeNumberField("recordsOut", stage.recordsOut());
            json.writeNumberField("bytesOut", stage.bytesOut());
            json.writeNumberField("combined", stage.combined());
            json.writeNumberField("spills", stage.spills());
            json.writeNumberField("spilledBytes", stage.spilledBytes());
            json.writeNumberField("skipped", stage.skipped());
            json.writeNumberField("launchedHome", stage.launchedHome());
            json.writeNumberField("launchedNear", stage.launchedNear());
            json.writeNumberField("launchedFar", stage.launchedFar());
            json.writeNumberField("speculative", stage.speculative());
            json.writeNumberField("speculativeWon", stage.speculativeWon());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("user");
        for (Map.Entry<String, Long> counter : counters.user().entrySet()) {
            json.writeNumberField(counter.getKey(), counter.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void records(JsonGenerator json, JobResult<?, ?> result) throws IOException {
        json.writeArrayFieldStart("records");
        try (Stream<? extends Pair<?, ?>> records = result.records()) {
            for (Iterator<? extends Pair<?, ?>> each = records.iterator(); each.hasNext(); ) {
                record(json, each.next());
            }
        }
        json.writeEndArray();
    }

    /** Writes each record of a collected result as an object on a line of its own. */
    static void lines(OutputStream out, JobResult<?, ?> result) throws IOException {
        try (JsonGenerator json = generator(out);
                Stream<? extends Pair<?, ?>> records = result.records()) {
            json.setRootValueSeparator(new SerializedString(""));
            for (Iterator<? extends Pair<?, ?>> each = records.iterator(); each.hasNext(); ) {
                record(json, each.next());
                json.writeRaw('\n');
            }
        }
    }

    private static void record(JsonGenerator json, Pair<?, ?> pair) throws IOException {
        json.writeStartObject();
        value(json, "key", pair.first());
        value(json, "value", pair.second());
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, String field, Object value) throws IOException {
        json.writeFieldName(field);
        if (value instanceof Long || value instanceof Integer) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof byte[] bytes) {
            json.writeBinary(bytes);
        } else {
            json.writeString(value.toString());
        }
    }

    /** Reports a failure. */
    static void failure(PrintStream out, Exception e, ExitCode exitCode) {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            JobState state = exitCode == ExitCode.CANCELED ? JobState.CANCELED : JobState.FAILED;
            json.writeStringField("state", state.name());
            json.writeNumberField("exitCode", exitCode.number());
            json.writeObjectFieldStart("error");
            if (e instanceof SampoException known) {
                json.writeStringField("code", known.code().name());
                json.writeNumberField("number", known.code().number());
            }
            json.writeStringField("message", Objects.requireNonNullElse(e.getMessage(), e.toString()));
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException unexpected) {
            throw new UncheckedIOException("stdout cannot be written; expected an open stream", unexpected);
        }
        out.flush();
    }

    private static JsonGenerator generator(OutputStream out) throws IOException {
        return new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    }
}
