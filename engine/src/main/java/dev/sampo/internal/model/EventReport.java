package dev.sampo.internal.model;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened to a job or a node, in a form that travels: an event of any type in the same fields, so that a
 * reader need not know the types of a later build.
 *
 * @param sequence rises from event to event, also over the reigns of coordinators
 * @param at when
 * @param type what, such as {@code AttemptFailed}
 * @param warning whether people should look at it
 * @param message what happened in one line
 * @param texts the parts of the event that are texts, by name: {@code job}, {@code attempt}, {@code node} and others
 * @param numbers the parts that are numbers
 * @param flags the parts that are true or false
 */
public record EventReport(
        long sequence,
        Instant at,
        String type,
        boolean warning,
        String message,
        Map<String, String> texts,
        Map<String, Long> numbers,
        Map<String, Boolean> flags) {
    /** Copies the maps. */
    public EventReport {
        texts = Map.copyOf(texts);
        numbers = Map.copyOf(numbers);
        flags = Map.copyOf(flags);
    }
}
