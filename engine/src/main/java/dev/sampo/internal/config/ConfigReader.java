package dev.sampo.internal.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one feature from its sub-tree. It never throws over a value: a value that is missing or wrong
 * becomes a problem, and some value in range is returned in its place, so that reading goes on and all problems are
 * found; {@link ConfigProblems#throwIfAny()} must be called before the settings are used. Used by one thread.
 */
public final class ConfigReader {
    private static final String AUTO = "auto";
    private static final String OFF = "off";
    private static final String NONE = "none";
    private static final Pattern NUMBER = Pattern.compile("\\s*[-+]?[0-9.]+\\s*");
    private static final String SECTION = "a section { ... }";
    private static final String SIZE_EXAMPLE = ", such as 64MiB";

    private final ConfigObject values;
    private final String path;
    private final ConfigProblems problems;
    private final Set<String> read = new LinkedHashSet<>();
    private final Map<String, ConfigReader> sections = new LinkedHashMap<>();

    private ConfigReader(ConfigObject values, String path, ConfigProblems problems) {
        this.values = values;
        this.path = path;
        this.problems = problems;
    }

    /** Returns a reader of the object at {@code key} of a resolved configuration. */
    public static ConfigReader of(Config root, String key, ConfigProblems problems) {
        return new ConfigReader(root.root(), "", problems).section(key);
    }

    /** Returns a reader of the object at {@code key}. */
    public ConfigReader section(String key) {
        ConfigValue value = find(key, SECTION);
        if (value instanceof ConfigObject object) {
            ConfigReader section = new ConfigReader(object, pathOf(key), problems);
            sections.put(key, section);
            return section;
        }
        if (value != null) {
            reject(key, value, SECTION);
        }
        // One problem is enough: what is missing inside goes to problems that nobody asks for.
        return new ConfigReader(ConfigFactory.empty().root(), pathOf(key), new ConfigProblems());
    }

    /** Returns the keys of this section whose values are sections, in order: for those that a user names. */
    public List<String> sectionNames() {
        return values.keySet().stream()
                .filter(key -> values.get(key) instanceof ConfigObject)
                .sorted()
                .toList();
    }

    /** Reads a whole number from {@code min} to {@code max}. */
    public int integer(String key, int min, int max) {
        String expected = integerForm(min, max);
        ConfigValue value = find(key, expected);
        return value == null ? min : integer(key, value, min, max, expected);
    }

    /** Reads a whole number, or {@code auto}, which is returned as empty. */
    public OptionalInt integerOrAuto(String key, int min, int max) {
        String expected = integerForm(min, max) + ", or auto";
        ConfigValue value = find(key, expected);
        return value == null || isWord(value, AUTO)
                ? OptionalInt.empty()
                : OptionalInt.of(integer(key, value, min, max, expected));
    }

    private int integer(String key, ConfigValue value, int min, int max, String expected) {
        try {
            long number = Long.parseLong(scalar(value).trim());
            if (number >= min && number <= max) {
                return (int) number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        reject(key, value, expected);
        return min;
    }

    private static String integerForm(int min, int max) {
        return "a whole number from " + min + " to " + max;
    }

    /** Reads a size in bytes from {@code min} to {@code max}: {@code 64MiB}, {@code 64m}, or a number of bytes. */
    public long bytes(String key, long min, long max) {
        String expected = sizeForm(min, max) + SIZE_EXAMPLE;
        ConfigValue value = find(key, expected);
        return value == null ? min : bytes(key, value, min, max, expected);
    }

    /** Reads a size in bytes, or {@code auto}, which is returned as empty. */
    public OptionalLong bytesOrAuto(String key, long min, long max) {
        String expected = sizeForm(min, max) + SIZE_EXAMPLE + ", or auto";
        ConfigValue value = find(key, expected);
        return value == null || isWord(value, AUTO)
                ? OptionalLong.empty()
                : OptionalLong.of(bytes(key, value, min, max, expected));
    }

    private long bytes(String key, ConfigValue value, long min, long max, String expected) {
        try {
            long size = value.atKey("size").getBytes("size");
            if (size >= min && size <= max) {
                return size;
            }
        } catch (ConfigException e) {
            // said below
        }
        reject(key, value, expected);
        return min;
    }

    private static String sizeForm(long min, long max) {
        return "a size from " + ByteSize.format(min) + " to " + ByteSize.format(max);
    }

    /** Reads a duration from {@code min} to {@code max}; it must have a unit. */
    public Duration duration(String key, Duration min, Duration max) {
        String expected = durationForm(min, max);
        ConfigValue value = find(key, expected);
        return value == null ? min : duration(key, value, min, max, expected);
    }

    /** Reads a duration, or {@code off}, which is returned as empty. */
    public Optional<Duration> durationOrOff(String key, Duration min, Duration max) {
        String expected = durationForm(min, max) + ", or off";
        ConfigValue value = find(key, expected);
        return value == null || isWord(value, OFF)
                ? Optional.empty()
                : Optional.of(duration(key, value, min, max, expected));
    }

    private Duration duration(String key, ConfigValue value, Duration min, Duration max, String expected) {
        try {
            // HOCON takes a bare number for milliseconds; people mean seconds as often, so it must be said.
            if (!NUMBER.matcher(scalar(value)).matches()) {
                Duration duration = value.atKey("duration").getDuration("duration");
                if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                    return duration;
                }
            }
        } catch (ConfigException e) {
            // said below
        }
        reject(key, value, expected);
        return min;
    }

    private static String durationForm(Duration min, Duration max) {
        return "a duration with a unit from " + format(min) + " to " + format(max) + ", such as 5s";
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

    /** Reads a number from {@code min} to {@code max}. */
    public double decimal(String key, double min, double max) {
        String expected = "a number from " + min + " to " + max;
        ConfigValue value = find(key, expected);
        if (value == null) {
            return min;
        }
        try {
            double number = Double.parseDouble(scalar(value));
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        reject(key, value, expected);
        return min;
    }

    /** Reads a number from {@code min} to {@code max}, or {@code auto}, which is returned as empty. */
    public OptionalDouble decimalOrAuto(String key, double min, double max) {
        ConfigValue value = find(key, "a number from " + min + " to " + max + ", or auto");
        return value == null || isWord(value, AUTO)
                ? OptionalDouble.empty()
                : OptionalDouble.of(decimal(key, min, max));
    }

    /** Reads {@code true} or {@code false}. */
    public boolean bool(String key) {
        ConfigValue value = find(key, "true or false");
        if (value == null) {
            return false;
        }
        try {
            return value.atKey("bool").getBoolean("bool");
        } catch (ConfigException e) {
            reject(key, value, "true or false");
            return false;
        }
    }

    /** Reads a text that is not empty. */
    public String string(String key) {
        String expected = "a text";
        ConfigValue value = find(key, expected);
        if (value == null) {
            return "";
        }
        String text = scalar(value);
        if (text.isBlank()) {
            reject(key, value, expected);
        }
        return text;
    }

    /** Reads a path of the default file system. */
    public Path path(String key) {
        ConfigValue value = find(key, "a path");
        return value == null ? Path.of("") : path(key, value, "a path");
    }

    /** Reads a path of the default file system, or {@code auto}, which is returned as empty. */
    public Optional<Path> pathOrAuto(String key) {
        ConfigValue value = find(key, "a path, or auto");
        return value == null || isWord(value, AUTO)
                ? Optional.empty()
                : Optional.of(path(key, value, "a path, or auto"));
    }

    /** Reads a path of the default file system, or {@code none}, which is returned as empty. */
    public Optional<Path> pathOrNone(String key) {
        ConfigValue value = find(key, "a path, or none");
        return value == null || isWord(value, NONE)
                ? Optional.empty()
                : Optional.of(path(key, value, "a path, or none"));
    }

    /** Reports that the value of a key that was read does not go with something outside of it. */
    public void refuse(String key, String expected) {
        ConfigValue value = values.get(key);
        if (value != null) {
            problems.addValue(
                    originOf(value),
                    pathOf(key),
                    isCompound(value) ? value.unwrapped().toString() : scalar(value),
                    expected);
        }
    }

    private Path path(String key, ConfigValue value, String expected) {
        try {
            String text = scalar(value);
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // said below
        }
        reject(key, value, expected);
        return Path.of("");
    }

    /** Reads one of the constants of an enum, written in lower case with hyphens. */
    public <E extends Enum<E>> E enumeration(String key, Class<E> type) {
        E[] constants = type.getEnumConstants();
        Map<String, E> byName = Arrays.stream(constants)
                .collect(Collectors.toMap(ConfigReader::nameOf, constant -> constant, (a, b) -> a, LinkedHashMap::new));
        String expected = "one of " + String.join(", ", byName.keySet());
        ConfigValue value = find(key, expected);
        if (value == null) {
            return constants[0];
        }
        E found = byName.get(scalar(value));
        if (found == null) {
            reject(key, value, expected);
            return constants[0];
        }
        return found;
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Reads a list of objects; an element that is none becomes a problem, and is left out. */
    List<ConfigObject> objects(String key, int most) {
        String expected = "a list of at most " + most + " objects { ... }";
        ConfigValue value = find(key, expected);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof ConfigList list) || list.size() > most) {
            reject(key, value, expected);
            return List.of();
        }
        List<ConfigObject> objects = new ArrayList<>();
        for (ConfigValue element : list) {
            if (element instanceof ConfigObject object) {
                objects.add(object);
            } else {
                reject(key, element, expected);
            }
        }
        return objects;
    }

    /** Reads a list of texts, or one text with commas between; {@code none} is the empty list. */
    public List<String> texts(String key) {
        String expected = "a list of texts, or one text with commas between them, or none";
        ConfigValue value = find(key, expected);
        if (value == null) {
            return List.of();
        }
        if (value instanceof ConfigList list) {
            if (list.stream().anyMatch(ConfigReader::isCompound)) {
                reject(key, value, expected);
                return List.of();
            }
            return list.stream().map(ConfigReader::scalar).map(String::strip).toList();
        }
        if (isCompound(value)) {
            reject(key, value, expected);
            return List.of();
        }
        return Arrays.stream(scalar(value).split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty() && !text.equals(NONE))
                .toList();
    }

    /** Reads names with a text each: a section, or {@code name=text} with commas between; {@code none} is empty. */
    public Map<String, String> pairs(String key) {
        String expected = "name=text with commas between, such as zone=a, or a section { zone = a }, or none";
        ConfigValue value = find(key, expected);
        Map<String, String> pairs = new LinkedHashMap<>();
        if (value instanceof ConfigObject object) {
            for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
                if (isCompound(entry.getValue())) {
                    reject(key, value, expected);
                    return Map.of();
                }
                pairs.put(entry.getKey(), scalar(entry.getValue()));
            }
        } else if (value != null && !isWord(value, NONE)) {
            for (String pair : scalar(value).split(",")) {
                int equals = pair.indexOf('=');
                if (isCompound(value) || equals < 1 || pair.substring(0, equals).isBlank()) {
                    reject(key, value, expected);
                    return Map.of();
                }
                pairs.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            }
        }
        return pairs;
    }

    private static boolean isCompound(ConfigValue value) {
        return value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST;
    }

    /** Reports the keys of this section, and of those read from it, that nothing has read. */
    public void finish() {
        for (Map.Entry<String, ConfigValue> entry : values.entrySet()) {
            if (!read.contains(entry.getKey())) {
                List<String> near = NearKeys.of(entry.getKey(), read).stream()
                        .map(this::pathOf)
                        .toList();
                problems.addUnknown(originOf(entry.getValue()), pathOf(entry.getKey()), near);
            }
        }
        sections.values().forEach(ConfigReader::finish);
    }

    /** Returns the paths of all keys read so far, here and in the sections. */
    Set<String> pathsRead() {
        Set<String> paths = new LinkedHashSet<>();
        read.stream()
                .filter(key -> !sections.containsKey(key))
                .map(this::pathOf)
                .forEach(paths::add);
        sections.values().forEach(section -> paths.addAll(section.pathsRead()));
        return paths;
    }

    private @Nullable ConfigValue find(String key, String expected) {
        read.add(key);
        ConfigValue value = values.get(key);
        if (value == null) {
            problems.addMissing(values.origin(), pathOf(key), expected);
        }
        return value;
    }

    private void reject(String key, ConfigValue value, String expected) {
        problems.addValue(originOf(value), pathOf(key), scalar(value), expected);
    }

    /** An object's own origin is that of everything merged into it; its first key says better where it stands. */
    private static ConfigOrigin originOf(ConfigValue value) {
        if (value instanceof ConfigObject object && !object.isEmpty()) {
            return originOf(object.values().iterator().next());
        }
        return value.origin();
    }

    private static boolean isWord(ConfigValue value, String word) {
        return value.valueType() == ConfigValueType.STRING && word.equals(value.unwrapped());
    }

    private static String scalar(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "a section";
            case LIST -> "a list";
            case NULL -> "null";
            default -> value.unwrapped().toString();
        };
    }

    private String pathOf(String key) {
        String quoted = ConfigUtil.joinPath(key);
        return path.isEmpty() ? quoted : path + "." + quoted;
    }
}
