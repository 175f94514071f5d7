package dev.sampo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sampo.HttpApi;
import dev.sampo.Sampo;
import dev.sampo.api.DataType;
import dev.sampo.api.JobResult;
import dev.sampo.io.Text;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "result",
        description = "Downloads the collected result of a job as lines key<TAB>value.",
        footer = {"", "With --json: one object {key, value} a line."})
final class ResultCommand extends ClusterCommand {
    @Parameters(paramLabel = "ID", description = "The id of the job")
    private String id = "";

    @Option(names = "--output", paramLabel = "FILE", description = "The file to write; - for stdout, the default")
    private String output = "-";

    @Option(
            names = "--keys",
            paramLabel = "TYPE",
            converter = TypeName.class,
            description = "What the job's keys are: text (the default), int, long, double, boolean")
    private DataType<?> keys = DataType.of(Text.class);

    @Option(
            names = "--values",
            paramLabel = "TYPE",
            converter = TypeName.class,
            description = "What the job's values are, as --keys")
    private DataType<?> values = DataType.of(Text.class);

    @Option(
            names = "--raw",
            description = "Write what the job's codecs wrote: of each key and value the length as an unsigned LEB128"
                    + " number, and the bytes")
    private boolean raw;

    @Override
    void run(HttpApi api, PrintStream out) throws IOException, InterruptedException {
        check(get(api, "/v1/jobs/" + quoted(id)));
        try (OutputStream target = target(out)) {
            if (raw) {
                try (InputStream frames = api.open("/v1/jobs/" + quoted(id) + "/result", Map.of())) {
                    frames.transferTo(target);
                }
            } else {
                print(target, keys, values);
            }
        }
    }

    private <K, V> void print(OutputStream target, DataType<K> keyType, DataType<V> valueType)
            throws IOException, InterruptedException {
        try (Sampo sampo = start(overrides -> Sampo.connect(seed().uris(), overrides));
                JobResult<K, V> result = sampo.job(id, keyType, valueType).await()) {
            if (isJson()) {
                JsonReport.lines(target, result);
            } else {
                TextReport.records(target, result);
            }
        }
    }

    private OutputStream target(PrintStream out) throws IOException {
        if (output.equals("-")) {
            return new Unclosed(out);
        }
        try {
            return new BufferedOutputStream(Files.newOutputStream(Path.of(output)));
        } catch (IOException e) {
            throw new SampoException(
                    ErrorCode.OUTPUT_UNWRITABLE, "--output " + output + ": " + e + "; expected a file to write", e);
        }
    }

    private void check(JsonNode job) {
        String state = job.path("state").asText().toUpperCase(Locale.ROOT);
        String directory = job.path("output").asText("");
        if (state.equals("FAILED") || state.equals("CANCELED")) {
            throw new SampoException(
                    code(job.path("failure").path("code").asText(), state),
                    "job " + id + " has no result: "
                            + job.path("failure").path("message").asText(state));
        }
        if (!state.equals("SUCCEEDED")) {
            throw new SampoException(
                    ErrorCode.NOT_FOUND,
                    "job " + id + " is " + state + "; expected one that has succeeded, as 'sampo job " + id
                            + "' shows");
        }
        if (!raw && directory.isEmpty() && !job.path("collected").asBoolean(true)) {
            throw new SampoException(
                    ErrorCode.NOT_FOUND,
                    "job " + id + " has no records to print: its parts are those of its output, which its submitter"
                            + " fetches; expected --raw, or a job that ends in collect");
        }
        if (!directory.isEmpty()) {
            throw new SampoException(
                    ErrorCode.NOT_FOUND,
                    "job " + id + " wrote its result to " + directory + "; expected a job that ends in collect");
        }
    }

    private static ErrorCode code(String name, String state) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return state.equals("CANCELED") ? ErrorCode.JOB_CANCELED : ErrorCode.INTERNAL;
    }

    /** Stdout, which is not ours to close. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }

    /** Reads the name of a type. */
    private static final class TypeName implements ITypeConverter<DataType<?>> {
        @Override
        public DataType<?> convert(String value) {
            return switch (value) {
                case "text" -> DataType.of(Text.class);
                case "int" -> DataType.of(Integer.class);
                case "long" -> DataType.of(Long.class);
                case "double" -> DataType.of(Double.class);
                case "boolean" -> DataType.of(Boolean.class);
                default ->
                    throw new TypeConversionException(
                            "'" + value + "'; expected one of text, int, long, double, boolean");
            };
        }
    }
}
