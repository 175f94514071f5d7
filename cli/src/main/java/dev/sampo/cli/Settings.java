package dev.sampo.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.sampo.Sampo;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The settings that the command line overrides. What is wrong with any of them is reported at once. */
final class Settings {
    private static final String ROOT = "sampo.";

    private final List<String> problems = new ArrayList<>();
    private Config overrides = ConfigFactory.empty();

    /** Takes the {@code key=value} of an option {@code -D}. */
    void define(String definition) {
        int equals = definition.indexOf('=');
        if (equals < 1) {
            problems.add("-D: " + definition + "; expected key=value");
            return;
        }
        String key = definition.substring(0, equals);
        if (!key.startsWith(ROOT)) {
            problems.add("-D: " + key + ": unknown key; expected one that starts with " + ROOT);
            return;
        }
        set(key, definition.substring(equals + 1), "-D");
    }

    /** Sets a key to a value; a list or an object may be written as HOCON. */
    void set(String key, String value, String origin) {
        try {
            Config setting = value.startsWith("[") || value.startsWith("{")
                    ? ConfigFactory.parseString(
                            key + " = " + value, ConfigParseOptions.defaults().setOriginDescription(origin))
                    : ConfigFactory.parseMap(Map.of(key, value), origin);
            overrides = setting.withFallback(overrides);
        } catch (ConfigException e) {
            problems.add(origin + ": " + key + " = " + value + ": " + e.getMessage() + "; expected HOCON");
        }
    }

    /** Sets a key where nothing else does. */
    void setDefault(String key, String value) {
        overrides = overrides.withFallback(ConfigFactory.parseMap(Map.of(key, value), "default of the command line"));
    }

    /**
     * Starts something with these settings.
     *
     * @param start starts it, and reports what is wrong with settings in its own way
     * @throws SampoException with all problems
     */
    <T extends AutoCloseable> T start(Function<Config, T> start) {
        if (problems.isEmpty()) {
            return start.apply(overrides);
        }
        String all = problems.stream()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining("", "problems on the command line:", ""));
        try {
            Sampo.local(overrides).close();
        } catch (SampoException e) {
            throw new SampoException(e.code(), all + "\n" + e.getMessage(), e);
        }
        throw new SampoException(ErrorCode.CONFIG_INVALID, all);
    }
}
