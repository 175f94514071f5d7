package dev.sampo.internal.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a value must look like: how people are told, and how it is read. Immutable.
 *
 * @param expected the form in words, for behind "expected"
 * @param otherwise what stands in for a value that is missing or wrong
 * @param parse reads a value; empty when it has another form
 * @param <T> what is read
 */
record ValueForm<T>(String expected, T otherwise, Function<ConfigValue, Optional<T>> parse) {
    private static final String NONE = "none";
    private static final Pattern BARE_NUMBER = Pattern.compile("\\s*[-+]?[0-9.]+\\s*");

    /** Returns the form that also takes one word, which is read as empty. */
    ValueForm<Optional<T>> or(String word) {
        return new ValueForm<>(expected + ", or " + word, Optional.empty(), value -> {
            if (isWord(value, word)) {
                return Optional.of(Optional.empty());
            }
            Optional<T> found = parse.apply(value);
            return found.isPresent() ? Optional.of(found) : Optional.empty();
        });
    }

    static ValueForm<Integer> integer(int min, int max) {
        return new ValueForm<>("a whole number from " + min + " to " + max, min, value -> {
            try {
                long number = Long.parseLong(scalar(value).trim());
                return number >= min && number <= max ? Optional.of((int) number) : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    static ValueForm<Double> decimal(double min, double max) {
        return new ValueForm<>("a number from " + min + " to " + max, min, value -> {
            try {
                double number = Double.parseDouble(scalar(value));
                return number >= min && number <= max ? Optional.of(number) : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    /** A size in bytes: {@code 64MiB}, {@code 64m}, or a number of bytes. */
    static ValueForm<Long> bytes(long min, long max) {
        String expected = "a size from " + ByteSize.format(min) + " to " + ByteSize.format(max) + ", such as 64MiB";
        return new ValueForm<>(expected, min, value -> {
            try {
                long size = value.atKey("size").getBytes("size");
                return size >= min && size <= max ? Optional.of(size) : Optional.empty();
            } catch (ConfigException e) {
                return Optional.empty();
            }
        });
    }

    /** A duration with its unit: HOCON takes a bare number for milliseconds; people mean seconds as often. */
    static ValueForm<Duration> duration(Duration min, Duration max) {
        String expected = "a duration with a unit from " + format(min) + " to " + format(max) + ", such as 5s";
        return new ValueForm<>(expected, min, value -> {
            if (BARE_NUMBER.matcher(scalar(value)).matches()) {
                return Optional.empty();
            }
            try {
                Duration duration = value.atKey("duration").getDuration("duration");
                return duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0
                        ? Optional.of(duration)
                        : Optional.empty();
            } catch (ConfigException e) {
                return Optional.empty();
            }
        });
    }

    private static String format(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds != 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        return seconds + "s";
    }

    static ValueForm<Boolean> bool() {
        return new ValueForm<>("true or false", false, value -> {
            try {
                return Optional.of(value.atKey("bool").getBoolean("bool"));
            } catch (ConfigException e) {
                return Optional.empty();
            }
        });
    }

    /** A text that is not blank. */
    static ValueForm<String> text() {
        return new ValueForm<>("a text", "", value -> Optional.of(scalar(value)).filter(text -> !text.isBlank()));
    }

    /** A path of the default file system. */
    static ValueForm<Path> path() {
        return new ValueForm<>("a path", Path.of(""), value -> {
            try {
                String text = scalar(value);
                return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        });
    }

    /** A constant, written in lower case with hyphens. */
    static <E extends Enum<E>> ValueForm<E> enumeration(Class<E> type) {
        E[] constants = type.getEnumConstants();
        Map<String, E> byName = Arrays.stream(constants)
                .collect(Collectors.toMap(ValueForm::nameOf, constant -> constant, (a, b) -> a, LinkedHashMap::new));
        return new ValueForm<>(
                "one of " + String.join(", ", byName.keySet()),
                constants[0],
                value -> Optional.ofNullable(byName.get(scalar(value))));
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A list of texts, or one text with commas between; {@code none} is the empty list. */
    static ValueForm<List<String>> texts() {
        return new ValueForm<>(
                "a list of texts, or one text with commas between them, or none", List.of(), ValueForm::texts);
    }

    private static Optional<List<String>> texts(ConfigValue value) {
        if (value instanceof ConfigList list) {
            return list.stream().anyMatch(ValueForm::isCompound)
                    ? Optional.empty()
                    : Optional.of(list.stream()
                            .map(ValueForm::scalar)
                            .map(String::strip)
                            .toList());
        }
        return isCompound(value)
                ? Optional.empty()
                : Optional.of(Arrays.stream(scalar(value).split(","))
                        .map(String::strip)
                        .filter(text -> !text.isEmpty() && !text.equals(NONE))
                        .toList());
    }

    /** Names with a text each: a section, or {@code name=text} with commas between; {@code none} is empty. */
    static ValueForm<Map<String, String>> pairs() {
        return new ValueForm<>(
                "name=text with commas between, such as zone=a, or a section { zone = a }, or none",
                Map.of(),
                value -> value instanceof ConfigObject object ? pairs(object) : pairs(value));
    }

    private static Optional<Map<String, String>> pairs(ConfigObject object) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            if (isCompound(entry.getValue())) {
                return Optional.empty();
            }
            pairs.put(entry.getKey(), scalar(entry.getValue()));
        }
        return Optional.of(pairs);
    }

    private static Optional<Map<String, String>> pairs(ConfigValue value) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (isWord(value, NONE)) {
            return Optional.of(pairs);
        }
        for (String pair : scalar(value).split(",")) {
            int equals = pair.indexOf('=');
            if (isCompound(value) || equals < 1 || pair.substring(0, equals).isBlank()) {
                return Optional.empty();
            }
            pairs.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return Optional.of(pairs);
    }

    private static boolean isWord(ConfigValue value, String word) {
        return value.valueType() == ConfigValueType.STRING && word.equals(value.unwrapped());
    }

    /** Returns whether a value is a section or a list. */
    static boolean isCompound(ConfigValue value) {
        return value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST;
    }

    /** Returns a value as people see it. */
    static String scalar(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "a section";
            case LIST -> "a list";
            case NULL -> "null";
            default -> value.unwrapped().toString();
        };
    }
}
