package dev.sampo.api;

import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The values of one key, streamed: they need not fit in memory, and can be iterated once. They come in the order (map
 * task, emission), or in the order of the secondary sort where the job asks for one. A value that is a reusable view
 * is valid until the next one is taken. What the reducer leaves unread is skipped.
 *
 * @param <V> the type of the values
 */
public interface Values<V> extends Iterable<V> {
    /** Returns the values as a sequential stream; uses up the one iteration. */
    default Stream<V> stream() {
        return StreamSupport.stream(spliterator(), false);
    }
}
