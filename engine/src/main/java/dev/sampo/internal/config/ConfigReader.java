package dev.sampo.internal.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
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
    private static final String SECTION = "a section { ... }";

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
        return read(key, ValueForm.integer(min, max));
    }

    /** Reads a whole number, or {@code auto}, which is returned as empty. */
    public OptionalInt integerOrAuto(String key, int min, int max) {
        return read(key, ValueForm.integer(min, max).or(AUTO)).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    /** Reads a size in bytes from {@code min} to {@code max}: {@code 64MiB}, {@code 64m}, or a number of bytes. */
    public long bytes(String key, long min, long max) {
        return read(key, ValueForm.bytes(min, max));
    }

    /** Reads a size in bytes, or {@code auto}, which is returned as empty. */
    public OptionalLong bytesOrAuto(String key, long min, long max) {
        return read(key, ValueForm.bytes(min, max).or(AUTO)).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** Reads a duration from {@code min} to {@code max}; it must have a unit. */
    public Duration duration(String key, Duration min, Duration max) {
        return read(key, ValueForm.duration(min, max));
    }

    /** Reads a duration, or {@code off}, which is returned as empty. */
    public Optional<Duration> durationOrOff(String key, Duration min, Duration max) {
        return read(key, ValueForm.duration(min, max).or(OFF));
    }

    /** Reads a number from {@code min} to {@code max}. */
    public double decimal(String key, double min, double max) {
        return read(key, ValueForm.decimal(min, max));
    }

    /** Reads a number from {@code min} to {@code max}, or {@code auto}, which is returned as empty. */
    public OptionalDouble decimalOrAuto(String key, double min, double max) {
        return read(key, ValueForm.decimal(min, max).or(AUTO)).stream()
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }

    /** Reads {@code true} or {@code false}. */
    public boolean bool(String key) {
        return read(key, ValueForm.bool());
    }

    /** Reads a text that is not empty. */
    public String string(String key) {
        return read(key, ValueForm.text());
    }

    /** Reads a path of the default file system. */
    public Path path(String key) {
        return read(key, ValueForm.path());
    }

    /** Reads a path of the default file system, or {@code auto}, which is returned as empty. */
    public Optional<Path> pathOrAuto(String key) {
        return read(key, ValueForm.path().or(AUTO));
    }

    /** Reads a path of the default file system, or {@code none}, which is returned as empty. */
    public Optional<Path> pathOrNone(String key) {
        return read(key, ValueForm.path().or(NONE));
    }

    /** Reads one of the constants of an enum, written in lower case with hyphens. */
    public <E extends Enum<E>> E enumeration(String key, Class<E> type) {
        return read(key, ValueForm.enumeration(type));
    }

    /** Reads a list of texts, or one text with commas between; {@code none} is the empty list. */
    public List<String> texts(String key) {
        return read(key, ValueForm.texts());
    }

    /** Reads names with a text each: a section, or {@code name=text} with commas between; {@code none} is empty. */
    public Map<String, String> pairs(String key) {
        return read(key, ValueForm.pairs());
    }

    private <T> T read(String key, ValueForm<T> form) {
        ConfigValue value = find(key, form.expected());
        if (value == null) {
            return form.otherwise();
        }
        Optional<T> found = form.parse().apply(value);
        if (found.isEmpty()) {
            reject(key, value, form.expected());
        }
        return found.orElse(form.otherwise());
    }

    /** Reports that the value of a key that was read does not go with something outside of it. */
    public void refuse(String key, String expected) {
        ConfigValue value = values.get(key);
        if (value != null) {
            problems.addValue(
                    originOf(value),
                    pathOf(key),
                    ValueForm.isCompound(value) ? value.unwrapped().toString() : ValueForm.scalar(value),
                    expected);
        }
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
        problems.addValue(originOf(value), pathOf(key), ValueForm.scalar(value), expected);
    }

    /** An object's own origin is that of everything merged into it; its first key says better where it stands. */
    private static ConfigOrigin originOf(ConfigValue value) {
        if (value instanceof ConfigObject object && !object.isEmpty()) {
            return originOf(object.values().iterator().next());
        }
        return value.origin();
    }

    private String pathOf(String key) {
        String quoted = ConfigUtil.joinPath(key);
        return path.isEmpty() ? quoted : path + "." + quoted;
    }
}
