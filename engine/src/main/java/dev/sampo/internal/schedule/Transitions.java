package dev.sampo.internal.schedule;

import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The lifecycle of something as a table: which event leads from which state to which. Immutable. The diagrams under
 * {@code docs/lifecycle} are written from it.
 *
 * @param <S> the states
 * @param <E> the events
 */
final class Transitions<S extends Enum<S>, E extends Enum<E>> {
    private final String name;
    private final S start;
    private final Map<Step<S, E>, S> table;

    private Transitions(Builder<S, E> builder) {
        this.name = builder.name;
        this.start = builder.start;
        this.table = Collections.unmodifiableMap(new LinkedHashMap<>(builder.table));
    }

    /** Begins a table. */
    static <S extends Enum<S>, E extends Enum<E>> Builder<S, E> of(String name, S start) {
        return new Builder<>(name, start);
    }

    /** Returns what has this lifecycle: {@code attempt}, {@code task} or {@code job}. */
    String name() {
        return name;
    }

    /** Returns the first state. */
    S start() {
        return start;
    }

    /** Returns the steps and where they lead, in the order in which they were written down. */
    Map<Step<S, E>, S> table() {
        return table;
    }

    /** Returns whether no event leads out of a state. */
    boolean isEnd(S state) {
        return table.keySet().stream().noneMatch(step -> step.from() == state);
    }

    /**
     * Returns the state that an event leads to.
     *
     * @param subject whose state it is, for the message of an error
     * @throws SampoException of {@link ErrorCode#INTERNAL} when the event has no place in this state
     */
    S next(S from, E event, Object subject, TransitionObserver observer) {
        S to = table.get(new Step<>(from, event));
        if (to == null) {
            throw new SampoException(
                    ErrorCode.INTERNAL,
                    name + " " + subject + " in state " + from + " met " + event + "; expected one of "
                            + table.keySet().stream()
                                    .filter(step -> step.from() == from)
                                    .map(Step::event)
                                    .toList());
        }
        observer.taken(name, from, event);
        return to;
    }

    /**
     * One arrow's tail.
     *
     * @param from the state it leaves
     * @param event what happens
     */
    record Step<S extends Enum<S>, E extends Enum<E>>(S from, E event) {}

    /** Collects the arrows. */
    static final class Builder<S extends Enum<S>, E extends Enum<E>> {
        private final String name;
        private final S start;
        private final Map<Step<S, E>, S> table = new LinkedHashMap<>();

        private Builder(String name, S start) {
            this.name = name;
            this.start = start;
        }

        /** Adds an arrow. */
        Builder<S, E> on(S from, E event, S to) {
            if (table.put(new Step<>(from, event), to) != null) {
                throw new IllegalArgumentException(
                        name + " in state " + from + " has two ways on " + event + "; expected one");
            }
            return this;
        }

        /** Ends the table. */
        Transitions<S, E> build() {
            return new Transitions<>(this);
        }
    }
}
