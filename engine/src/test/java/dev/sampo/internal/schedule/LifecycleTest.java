package dev.sampo.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The lifecycle tables, and the diagrams of them under {@code docs/lifecycle}. */
final class LifecycleTest {
    static final List<Transitions<?, ?>> TABLES =
            List.of(AttemptLifecycle.TABLE, TaskLifecycle.TABLE, JobLifecycle.TABLE);

    @Test
    void diagramsInTheDocumentationMatchTheTables() throws IOException {
        for (Transitions<?, ?> table : TABLES) {
            Path file = folder().resolve(table.name() + ".md");
            String drawn = draw(table);
            if (Boolean.getBoolean("sampo.docs.write")) {
                Files.writeString(file, drawn);
            }
            assertThat(Files.exists(file) ? Files.readString(file) : "no file")
                    .as("%s; write it again with -Dsampo.docs.write=true", file)
                    .isEqualTo(drawn);
        }
    }

    @Test
    void everyStateIsReachedFromTheFirst() {
        assertThat(unreached(AttemptLifecycle.TABLE, EnumSet.allOf(AttemptLifecycle.State.class)))
                .isEmpty();
        assertThat(unreached(TaskLifecycle.TABLE, EnumSet.allOf(TaskLifecycle.State.class)))
                .isEmpty();
        assertThat(unreached(JobLifecycle.TABLE, EnumSet.allOf(dev.sampo.api.JobState.class)))
                .isEmpty();
    }

    @Test
    void refusesAnEventThatHasNoPlaceAndNamesStateAndEvent() {
        assertThatThrownBy(() -> TaskLifecycle.TABLE.next(
                        TaskLifecycle.State.DONE, TaskLifecycle.Event.LAUNCHED, "job/2-00001", TransitionObserver.NONE))
                .isInstanceOfSatisfying(
                        SampoException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL))
                .hasMessage("task job/2-00001 in state DONE met LAUNCHED; expected one of [OUTPUT_LOST]");
    }

    private static <S extends Enum<S>, E extends Enum<E>> Set<S> unreached(Transitions<S, E> table, EnumSet<S> states) {
        Deque<S> next = new ArrayDeque<>(List.of(table.start()));
        while (!next.isEmpty()) {
            S state = next.remove();
            if (states.remove(state)) {
                table.table().forEach((step, to) -> {
                    if (step.from() == state) {
                        next.add(to);
                    }
                });
            }
        }
        return states;
    }

    private static <S extends Enum<S>, E extends Enum<E>> String draw(Transitions<S, E> table) {
        StringBuilder page = new StringBuilder("# Lifecycle of "
                + (table.name().equals("attempt") ? "an " : "a ") + table.name() + "\n\n"
                + "Written by a test from the table in `"
                + Character.toUpperCase(table.name().charAt(0))
                + table.name().substring(1) + "Lifecycle`. Do not edit.\n\n```mermaid\nstateDiagram-v2\n    [*] --> "
                + table.start() + "\n");
        for (Map.Entry<Transitions.Step<S, E>, S> arrow : table.table().entrySet()) {
            page.append("    ")
                    .append(arrow.getKey().from())
                    .append(" --> ")
                    .append(arrow.getValue())
                    .append(": ")
                    .append(arrow.getKey().event())
                    .append('\n');
        }
        table.table().values().stream()
                .distinct()
                .filter(table::isEnd)
                .forEach(end -> page.append("    ").append(end).append(" --> [*]\n"));
        return page.append("```\n").toString();
    }

    private static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        for (Path at = here; at != null; at = at.getParent()) {
            Path folder = at.resolve("docs").resolve("lifecycle");
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        throw new AssertionError("no folder docs/lifecycle above " + here);
    }
}
