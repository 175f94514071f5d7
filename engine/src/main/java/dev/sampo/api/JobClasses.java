package dev.sampo.api;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Which classes travel with a job to the nodes of a cluster. An embedded engine needs none.
 *
 * @param mode who says so
 * @param jars the paths of the jars and class directories, in the order they are searched; empty unless named
 */
public record JobClasses(Mode mode, List<String> jars) implements Serializable {
    /** What the engine's setting {@code sampo.ship.classpath} says. */
    public static final JobClasses BY_SETTING = new JobClasses(Mode.BY_SETTING, List.of());

    /** Nothing: every node has the classes. */
    public static final JobClasses NONE = new JobClasses(Mode.NONE, List.of());

    /** Who says what travels. */
    public enum Mode {
        /** The engine's setting. */
        BY_SETTING,
        /** The job: its {@link JobClasses#jars()}. */
        NAMED,
        /** The job: nothing. */
        NONE
    }

    /** Copies the list. */
    public JobClasses {
        Objects.requireNonNull(mode, "mode");
        jars = List.copyOf(jars);
    }

    /** Returns jars and class directories that are named. */
    public static JobClasses named(List<Path> jars) {
        return new JobClasses(
                Mode.NAMED,
                jars.stream().map(jar -> jar.toAbsolutePath().toString()).toList());
    }
}
