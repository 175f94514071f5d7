package dev.sampo.internal.config;

import com.typesafe.config.ConfigOrigin;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Collects everything that is wrong with a configuration, so that it can be said at once. Used by one thread. */
public final class ConfigProblems {
    private final List<Problem> problems = new ArrayList<>();

    private record Problem(String source, int line, String text) {}

    /** Adds a value that is not what was expected. */
    void addValue(ConfigOrigin origin, String path, String value, String expected) {
        add(origin, path, value + "; expected " + expected);
    }

    /** Adds a key that is missing. */
    void addMissing(ConfigOrigin origin, String path, String expected) {
        add(origin, path, "missing; expected " + expected);
    }

    /** Adds a key that nothing reads. */
    void addUnknown(ConfigOrigin origin, String path, List<String> nearPaths) {
        String question = nearPaths.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearPaths) + "?";
        add(origin, path, "unknown key" + question);
    }

    private void add(ConfigOrigin origin, String path, String problem) {
        String source = source(origin);
        int line = origin.lineNumber();
        String place = line > 0 ? source + ":" + line : source;
        problems.add(new Problem(source, line, place + ": " + path + ": " + problem));
    }

    private static String source(ConfigOrigin origin) {
        if (origin.filename() != null) {
            return origin.filename();
        }
        if (origin.resource() != null) {
            return origin.resource();
        }
        String description = origin.description();
        String lineSuffix = ": " + origin.lineNumber();
        return description.endsWith(lineSuffix)
                ? description.substring(0, description.length() - lineSuffix.length())
                : description;
    }

    /**
     * Fails when anything was added.
     *
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID}; after a first line, one line per problem in the order of the files: place, key,
     *     value, what was expected
     */
    public void throwIfAny() {
        if (!problems.isEmpty()) {
            String head = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    problems.stream()
                            .sorted(Comparator.comparing(Problem::source).thenComparingInt(Problem::line))
                            .map(problem -> "\n  " + problem.text())
                            .collect(Collectors.joining("", head + " in the configuration:", "")));
        }
    }
}
