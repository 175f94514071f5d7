package dev.sampo.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import dev.sampo.HttpApi;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that asks a cluster something: as text for people, or as the JSON that the HTTP API documents. */
abstract class ClusterCommand implements Callable<Integer>, ReportingCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private final SeedOptions seed = new SeedOptions();

    @Option(
            names = "-D",
            paramLabel = "key=value",
            description = "Any setting, as -D sampo.client.request-timeout=5s; may be repeated")
    private List<String> definitions = List.of();

    @Option(names = "--json", description = "Print JSON on stdout, as the HTTP API gives it")
    private boolean json;

    @Option(names = "--verbose", description = "Log messages and stack traces on stderr")
    private boolean verbose;

    /** Injected by picocli. */
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    /** Asks, and prints the answer. */
    abstract void run(HttpApi api, PrintStream out) throws IOException, InterruptedException;

    @Override
    public final Integer call() throws Exception {
        if (verbose) {
            LogSettings.verbose();
        }
        try (HttpApi api = start(overrides -> HttpApi.at(seed.uris(), overrides))) {
            PrintStream out = SampoCommand.streams(spec).out();
            run(api, out);
            out.flush();
        }
        return ExitCode.OK.number();
    }

    /** Starts something with the settings of the command line. */
    final <T extends AutoCloseable> T start(Function<Config, T> starter) {
        Settings settings = new Settings();
        definitions.forEach(settings::define);
        seed.addTo(settings);
        return settings.start(starter);
    }

    final SeedOptions seed() {
        return seed;
    }

    final PrintStream err() {
        return SampoCommand.streams(spec).err();
    }

    @Override
    public final boolean isJson() {
        return json;
    }

    @Override
    public final boolean isVerbose() {
        return verbose;
    }

    static JsonNode get(HttpApi api, String path) throws InterruptedException {
        return read(api.get(path, Duration.ZERO), path);
    }

    static JsonNode read(String text, String path) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new SampoException(
                    ErrorCode.NO_ANSWER, path + ": the answer is no JSON; expected the HTTP API of a Sampo seed", e);
        }
    }

    /** Returns a part of a path as it is written in a URL. */
    static String quoted(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
